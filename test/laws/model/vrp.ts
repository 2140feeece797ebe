import { changeRegion, copyInto, dump, type Held, numbersIn, Refused, type Shelf, spell } from "./device.ts";
import { type PrefixManual, takePrefixLine } from "./prefix-list.ts";
import {
  BY_ITSELF,
  DEFAULTS,
  HEADERS,
  INNER,
  KINDS,
  NUMBERS,
  ON,
  PHYSICAL,
  SINGLE,
  WANTS,
} from "./vrp-tables.ts";

/** Huawei command reference, ip ip-prefix and ip ipv6-prefix. */
const PREFIX_LISTS: PrefixManual = {
  head: /^ip (?:ip|ipv6)-prefix$/,
  number: "index",
  step: 10,
  described: true,
};

/** A small Huawei VRP device, written from the manuals; it shares neither code nor data with the engine. */
export class VrpDevice {
  readonly root: Shelf = new Map();
  readonly #vlans = new Set<number>([1]);
  #path: Held[] = [];
  #names: string[] = [];
  #text: string[] | undefined;
  strict = false;
  /** While a text is loaded: the next line stands deeper, so this one opens a block, known or not. */
  #opens = false;

  static load(text: string): VrpDevice {
    const device = new VrpDevice();
    const all = text.split("\n");
    for (const [i, raw] of all.entries()) {
      device.#opens = indentOf(all[i + 1] ?? "") > indentOf(raw) && !device.#text;
      const line = raw.trimEnd();
      if (device.#text) {
        device.type(line);
        continue;
      }
      const body = line.trim();
      if (body === "" || body.startsWith("#") || body.startsWith("!") || body === "return") continue;
      const indent = line.length - line.trimStart().length;
      while (device.#path.length > indent) device.#leave();
      device.type(body);
    }
    device.#path = [];
    device.#names = [];
    device.#opens = false;
    device.strict = true;
    return device;
  }

  /** A device of the same state, at the top. */
  copy(): VrpDevice {
    const other = VrpDevice.load("");
    copyInto(other.root, this.root);
    for (const vlan of this.#vlans) other.#vlans.add(vlan);
    return other;
  }

  show(): string {
    return `vlans ${spell(this.#vlans)}\n${dump(this.root)}`;
  }

  #leave(): void {
    this.#path.pop();
    this.#names.pop();
  }

  #shelf(): Shelf {
    const top = this.#path.at(-1);
    return top ? (top.below as Shelf) : this.root;
  }

  /** Takes one line as typed.
   *  @throws Refused */
  type(raw: string): void {
    if (this.#text) {
      this.#moreText(raw);
      return;
    }
    const line = plainLine(raw.trim().replace(/\s+/g, " "));
    if (line === "quit") {
      if (this.#path.length === 0) throw new Refused("quit at the top");
      this.#leave();
      return;
    }
    const header = /^header (login|shell) information "(.*)$/.exec(line);
    if (header && !header[2]?.includes('"')) {
      this.#text = [line];
      return;
    }
    const top = this.#names.at(-1) ?? "";
    if (top.startsWith("acl ") && this.#rule(line)) return;
    if (this.#opens || (top !== "" && this.#shelf().get(line)?.below) || this.root.get(line)?.below) {
      this.#enter(line);
      return;
    }
    if (this.#isHeader(line, top)) {
      this.#enter(line);
      return;
    }
    const negated = line.startsWith("undo ");
    if (takePrefixLine(this.root, PREFIX_LISTS, negated ? line.slice(5) : line, negated, this.strict)) return;
    if (negated) {
      this.#remove(line.slice(5));
      return;
    }
    this.#put(line);
  }

  #moreText(raw: string): void {
    const text = this.#text as string[];
    text.push(raw);
    if (!raw.includes('"')) return;
    this.#text = undefined;
    this.#put(text.join("\n"));
  }

  #isHeader(line: string, top: string): boolean {
    if (top === "") return HEADERS.some((header) => header.test(line));
    if (this.#path.length === 1 && INNER.some(([outer, inner]) => outer.test(top) && inner.test(line)))
      return true;
    // A command of the system view typed in another view moves there.
    if (/^(interface|user-interface|acl number|vlan \d+$)/.test(line)) {
      this.#path = [];
      this.#names = [];
      return true;
    }
    return false;
  }

  #enter(line: string): void {
    const lines = /^user-interface vty (\d+)(?: (\d+))?$/.exec(line);
    if (lines) {
      const low = Number(lines[1]);
      const high = Number(lines[2] ?? lines[1]);
      const all = Array.from({ length: high - low + 1 }, (_, i) =>
        this.#open(`user-interface vty ${String(low + i).padStart(2, "0")}`),
      );
      this.#path.push({
        line: "",
        below: manyShelves(all.map((held) => held.below as Shelf)),
        entries: undefined,
      });
      this.#names.push(line);
      return;
    }
    const name = headerName(line);
    const vlan = /^vlan (\d+)$/.exec(name);
    if (vlan) this.#vlans.add(Number(vlan[1]));
    const svi = /^interface Vlanif(\d+)$/.exec(name);
    if (svi && this.strict && !this.#vlans.has(Number(svi[1])))
      throw new Refused(`VLAN ${svi[1]} does not exist`);
    const held = this.#open(name);
    if (name.startsWith("route-policy")) held.line = line;
    this.#path.push(held);
    this.#names.push(name);
  }

  #open(name: string): Held {
    const shelf = this.#shelf();
    let held = shelf.get(name);
    if (held) return held;
    const by =
      PHYSICAL.test(name.replace("interface ", "")) || BY_ITSELF.test(name) || /^vlan \d+$/.test(name);
    held = {
      line: by ? `(${name})` : name,
      below: new Map(),
      entries: name.startsWith("acl ") ? new Map() : undefined,
    };
    shelf.set(name, held);
    return held;
  }

  #rule(line: string): boolean {
    const held = this.#path.at(-1) as Held;
    const entries = held.entries as Map<number, string>;
    const gone = /^undo rule (\d+)( description)?$/.exec(line);
    if (gone) {
      const number = Number(gone[1]);
      const text = entries.get(number);
      if (text === undefined) throw new Refused(`rule ${number} does not exist`);
      if (gone[2]) entries.set(number, text.replace(/ ~.*$/, ""));
      else entries.delete(number);
      return true;
    }
    const note = /^rule (\d+) description (.*)$/.exec(line);
    if (note) {
      const text = entries.get(Number(note[1]));
      if (text === undefined) throw new Refused(`rule ${note[1]} does not exist`);
      entries.set(Number(note[1]), `${text.replace(/ ~.*$/, "")} ~${note[2]}`);
      return true;
    }
    const step = /^(?:undo step|step (\d+))$/.exec(line);
    if (step) {
      this.#renumber(held, Number(step[1] ?? 5));
      return true;
    }
    const rule = /^rule (?:(\d+) )?((?:permit|deny).*)$/.exec(line);
    if (!rule) return false;
    const size = Number(/\d+/.exec(held.below?.get("step")?.line ?? "")?.[0] ?? 5);
    const number = rule[1] ? Number(rule[1]) : (Math.floor(Math.max(0, ...entries.keys()) / size) + 1) * size;
    if (entries.has(number)) throw new Refused(`rule ${number} stands already and would be edited`);
    const text = plainRule(rule[2] ?? "");
    if ([...entries.values()].some((other) => other.replace(/ ~.*$/, "") === text))
      throw new Refused(`the same rule stands already: ${text}`);
    entries.set(number, text);
    return true;
  }

  #renumber(held: Held, size: number): void {
    if (size > 20) throw new Refused("a step is 20 at most");
    const entries = held.entries as Map<number, string>;
    const texts = [...entries.entries()].sort((a, b) => a[0] - b[0]).map(([, text]) => text);
    // While a text is loaded its step comes first and the numbers stand as written.
    if (this.strict) {
      entries.clear();
      for (const [i, text] of texts.entries()) entries.set((i + 1) * size, text);
    }
    if (size === 5) held.below?.delete("step");
    else held.below?.set("step", { line: `step ${size}`, below: undefined, entries: undefined });
  }

  #put(line: string): void {
    const shelf = this.#shelf();
    if (changeRegion(shelf, line, false)) return;
    const batch = /^vlan batch (.*)$/.exec(line);
    if (batch) {
      this.#limit(batch[1] ?? "");
      for (const vlan of numbersIn(batch[1] ?? "")) this.#vlans.add(vlan);
      return;
    }
    const list = /^port (trunk allow-pass|hybrid tagged|hybrid untagged) vlan (.*)$/.exec(line);
    if (this.strict) this.#wants(line, shelf);
    if (list) {
      this.#limit(list[2] ?? "");
      this.#changeList(
        shelf,
        list[1] ?? "",
        (now) => new Set([...now, ...numbersIn((list[2] ?? "").replace("all", "1-4094"))]),
      );
      return;
    }
    const name = nameOf(line);
    if (DEFAULTS.has(line)) {
      shelf.delete(name);
      return;
    }
    if (ON.some((pattern) => pattern.test(line))) {
      if (!shelf.delete(line) && this.strict) throw new Refused(`already on: ${line}`);
      return;
    }
    if (this.strict) this.#refuse(line, name, shelf);
    if (/^ip binding vpn-instance /.test(line)) wipeAddresses(shelf);
    shelf.set(name, { line, below: undefined, entries: undefined });
  }

  #limit(list: string): void {
    if (list.replace(/ to /g, "-").split(" ").length > 10)
      throw new Refused("more than ten ranges in one line");
  }

  #wants(line: string, shelf: Shelf): void {
    for (const [pattern, want] of WANTS) {
      if (!pattern.test(line)) continue;
      const at = want.startsWith("global:") ? this.root : shelf;
      const wanted = want.replace("global:", "");
      if (at === shelf && this.#path.length === 0) continue;
      if (![...at.values()].some((held) => held.line === wanted))
        throw new Refused(`${line} wants ${wanted}`);
    }
    if (/^local-user (\S+) (?!password)/.test(line) && !shelf.has(`user ${line.split(" ")[1]} password`))
      throw new Refused("no such user");
    if (/^ssh user (\S+) \S/.test(line) && !shelf.has(`ssh user ${line.split(" ")[2]}`))
      throw new Refused("no such SSH user");
    if (/^peer (\S+) (?!as-number)/.test(line) && !this.#path[0]?.below?.has(`peer ${line.split(" ")[1]} as`))
      throw new Refused("no such peer");
  }

  #refuse(line: string, name: string, shelf: Shelf): void {
    if (/^port link-type /.test(line)) {
      const own = [
        "default vlan",
        "pvid",
        "trunk allow-pass",
        "hybrid pvid",
        "hybrid tagged",
        "hybrid untagged",
      ];
      if (own.some((other) => shelf.has(other))) throw new Refused("please renew the default configurations");
      if (shelf.has("eth-trunk")) throw new Refused("the port is a member of an Eth-Trunk");
    }
    if (/^eth-trunk \d/.test(line)) {
      if (shelf.has(name)) throw new Refused("the port is a member of another Eth-Trunk");
      if (["link-type", "default vlan", "pvid", "trunk allow-pass"].some((other) => shelf.has(other)))
        throw new Refused("the port has settings");
      if (!this.root.has(`interface Eth-Trunk${line.split(" ")[1]}`)) throw new Refused("no such Eth-Trunk");
    }
    if (/ sub$/.test(line) && !shelf.has("ip address")) throw new Refused("no primary address");
    if (/^traffic-policy /.test(line) && shelf.has(name)) throw new Refused("a policy stands already");
  }

  #changeList(shelf: Shelf, name: string, change: (now: Set<number>) => Set<number>): void {
    const start = name === "hybrid tagged" ? [] : [1];
    const next = change(shelf.has(name) ? numbersIn(shelf.get(name)?.line ?? "") : new Set(start));
    if (spell(next) === spell(start)) shelf.delete(name);
    else shelf.set(name, { line: spell(next) || "none", below: undefined, entries: undefined });
  }

  #remove(line: string): void {
    const shelf = this.#shelf();
    if (changeRegion(shelf, line, true)) return;
    const batch = /^vlan (?:batch )?(.*)$/.exec(line);
    if (batch && this.#path.length === 0) {
      this.#dropVlans(numbersIn(batch[1] ?? ""));
      return;
    }
    const list = /^port (trunk allow-pass|hybrid(?: tagged| untagged)?) vlan (.*)$/.exec(line);
    if (list) {
      this.#limit(list[2] ?? "");
      const names = list[1] === "hybrid" ? ["hybrid tagged", "hybrid untagged"] : [list[1] ?? ""];
      const gone = numbersIn(list[2] ?? "");
      for (const name of names)
        this.#changeList(shelf, name, (now) => new Set([...now].filter((n) => !gone.has(n))));
      return;
    }
    if (ON.some((pattern) => pattern.test(line))) {
      shelf.set(line, { line: `undo ${line}`, below: undefined, entries: undefined });
      return;
    }
    if (this.#removeFamily(line, shelf)) return;
    const policy = /^route-policy (\S+) node (\d+)$/.exec(line);
    if (policy) {
      if (!shelf.delete(`route-policy ${policy[1]} ${policy[2]}`))
        throw new Refused(`nothing to undo: ${line}`);
      return;
    }
    const name = headerName(line);
    if (shelf.has(name)) {
      // "undo interface" is of logical interfaces (Huawei S5720 command reference, `interface`).
      if (this.strict && PHYSICAL.test(name.replace("interface ", "")))
        throw new Refused("a physical interface cannot be deleted");
      if (/^interface Eth-Trunk/.test(name)) this.#checkMembers(name);
      shelf.delete(name);
      return;
    }
    for (const [, key, short] of SINGLE) {
      const match = short.exec(line);
      if (!match) continue;
      const full = key.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? "");
      if (full === "ip address" && [...shelf.values()].some((held) => held.line.endsWith(" sub")))
        throw new Refused("secondary addresses stand");
      if (full === "vrf") wipeAddresses(shelf);
      if (
        full === "link-type" &&
        ["default vlan", "pvid", "trunk allow-pass"].some((other) => shelf.has(other))
      ) {
        throw new Refused("please renew the default configurations");
      }
      if (shelf.delete(full)) return;
    }
    if (this.strict && line !== "shutdown") throw new Refused(`nothing to undo: ${line}`);
  }

  #removeFamily(line: string, shelf: Shelf): boolean {
    const families: [RegExp, string][] = [
      [/^local-user (\S+)$/, "user $1 "],
      [/^ssh user (\S+)$/, "ssh $1 "],
      [/^peer (\S+)$/, "peer $1 "],
      [/^route-policy (\S+)$/, "route-policy $1 "],
      [/^snmp-agent usm-user v3 (\S+)$/, "snmp-agent usm-user v3 $1 "],
    ];
    for (const [pattern, head] of families) {
      const match = pattern.exec(line);
      if (!match) continue;
      const start = head.replace("$1", match[1] ?? "");
      const gone = [...shelf.keys()].filter(
        (name) => name.startsWith(start) || name === line || `${name} ` === start,
      );
      if (gone.length === 0) throw new Refused(`nothing to undo: ${line}`);
      for (const name of gone) shelf.delete(name);
      return true;
    }
    return false;
  }

  #checkMembers(name: string): void {
    const id = name.replace("interface Eth-Trunk", "");
    for (const held of this.root.values())
      if (held.below?.get("eth-trunk")?.line.split(" ")[1] === id)
        throw new Refused("the Eth-Trunk has members");
  }

  #dropVlans(vlans: Set<number>): void {
    this.#limit([...vlans].length > 10 ? "" : spell(vlans).replaceAll(",", " "));
    for (const vlan of vlans) {
      if (this.root.has(`interface Vlanif${vlan}`)) throw new Refused(`VLAN ${vlan} has a Vlanif`);
      if (!this.#vlans.delete(vlan)) throw new Refused(`VLAN ${vlan} does not exist`);
      this.root.delete(`vlan ${vlan}`);
    }
  }
}

function headerName(line: string): string {
  if (line.startsWith("interface ")) return `interface ${interfaceName(line.slice(10))}`;
  const policy = /^route-policy (\S+) \S+ node (\d+)$/.exec(line);
  if (policy) return `route-policy ${policy[1]} ${policy[2]}`;
  const named = /^acl name (\S+)/.exec(line);
  if (named) return `acl name ${named[1]}`;
  const list = /^acl (?:number )?(\d+)/.exec(line);
  return list ? `acl ${list[1]}` : line;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function nameOf(line: string): string {
  for (const [pattern, name] of SINGLE) {
    const match = pattern.exec(line);
    if (match) return name.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? "");
  }
  return line;
}

function wipeAddresses(shelf: Shelf): void {
  for (const [name, held] of [...shelf]) if (/^ip(v6)? address/.test(held.line)) shelf.delete(name);
}

/** A shelf that stands for several: what is put or taken goes to all. */
function manyShelves(shelves: Shelf[]): Shelf {
  class Many extends Map<string, Held> {
    override get(key: string) {
      return shelves[0]?.get(key);
    }
    override has(key: string) {
      return shelves.some((shelf) => shelf.has(key));
    }
    override set(key: string, held: Held) {
      for (const shelf of shelves) shelf.set(key, held);
      return this;
    }
    override delete(key: string) {
      return shelves.map((shelf) => shelf.delete(key)).some(Boolean);
    }
    override values() {
      return (shelves[0] ?? new Map<string, Held>()).values();
    }
  }
  return new Many();
}

function interfaceName(text: string): string {
  const match = /^([A-Za-z-]+) ?(\d.*)$/.exec(text.trim());
  if (!match) return text;
  const kind = match[1] ?? "";
  const known = KINDS[kind.slice(0, 3).toLowerCase()] ?? KINDS[kind.slice(0, 2).toLowerCase()];
  return (kind.length > 1 && kind.toUpperCase() === kind ? kind : (known ?? kind)) + (match[2] ?? "");
}

/** A mask may be typed by its length. */
function plainLine(line: string): string {
  return line.replace(
    /^((?:ip address|ip route-static(?: vpn-instance \S+)?|network) (?:\S+ )?\d+\.\d+\.\d+\.\d+ (?:mask )?)(\d{1,2})(?= |$)/,
    (_, head: string, length: string) => {
      const bits = "1".repeat(Number(length)).padEnd(32, "0");
      return head + [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join(".");
    },
  );
}

function plainRule(text: string): string {
  const words = text.split(" ");
  if (words[1] === "6") words[1] = "tcp";
  const named = words.map((word, i) =>
    ["eq", "gt", "lt", "range"].includes(words[i - 1] ?? "") || words[i - 2] === "range"
      ? (NUMBERS[word] ?? word)
      : word,
  );
  return named
    .join(" ")
    .replace(/(\d+\.\d+\.\d+\.\d+) 0(?= |$)/g, "$1 0.0.0.0")
    .replace(/ (source|destination) any/g, "")
    .replace(/(\d+\.\d+\.\d+\.\d+) (\d+\.\d+\.\d+\.\d+)/g, (_, a: string, w: string) => {
      const wild = w.split(".").map(Number);
      return `${a
        .split(".")
        .map((octet, i) => Number(octet) & (255 - (wild[i] ?? 0)))
        .join(".")} ${w}`;
    });
}
