import { changeRegion, copyInto, dump, type Held, numbersIn, Refused, type Shelf, spell } from "./device.ts";
import {
  DEFAULTS,
  HEADERS,
  INNER,
  KINDS,
  LAYER2,
  NUMBERS,
  ON,
  PHYSICAL,
  SHORT,
  SINGLE,
} from "./ios-tables.ts";
import { type PrefixManual, takePrefixLine } from "./prefix-list.ts";

/** Cisco IOS BGP command reference, ip prefix-list. */
const PREFIX_LISTS: PrefixManual = {
  head: /^ip(?:v6)? prefix-list$/,
  number: "seq",
  step: 5,
  described: true,
};

/** A small Cisco IOS device, written from the manuals; it shares neither code nor data with the engine. */

export class IosDevice {
  readonly root: Shelf = new Map();
  #path: Held[] = [];
  #names: string[] = [];
  #banner: { head: string; stop: string; text: string[] } | undefined;
  /** Strict: what would do nothing, or what a device refuses, is an error. */
  strict = false;
  /** While a text is loaded: the next line stands deeper, so this one opens a block, known or not. */
  #opens = false;

  static load(text: string): IosDevice {
    const device = new IosDevice();
    let depth = 0;
    const all = text.split("\n");
    for (const [i, raw] of all.entries()) {
      device.#opens = indentOf(all[i + 1] ?? "") > indentOf(raw);
      const line = raw.trimEnd();
      if (device.#banner) {
        device.type(line);
        continue;
      }
      const body = line.trim();
      if (
        body === "" ||
        body.startsWith("!") ||
        body === "end" ||
        /^(Building|Current) configuration/i.test(body)
      )
        continue;
      const indent = line.length - line.trimStart().length;
      while (depth > indent) {
        if (device.#path.length > indent) device.#leave();
        depth--;
      }
      while (device.#path.length > indent) device.#leave();
      if (body === "exit-address-family") continue;
      device.type(body);
      depth = device.#path.length;
    }
    device.#path = [];
    device.#names = [];
    device.#opens = false;
    device.strict = true;
    return device;
  }

  /** A device of the same state, at the top. */
  copy(): IosDevice {
    const other = IosDevice.load("");
    copyInto(other.root, this.root);
    return other;
  }

  show(): string {
    return dump(this.root);
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
    if (this.#banner) {
      this.#bannerLine(raw);
      return;
    }
    const line = plainLine(raw.trim().replace(/\s+/g, " "));
    if (line === "exit") {
      if (this.#path.length === 0) throw new Refused("exit at the top");
      this.#leave();
      return;
    }
    const top = this.#names.at(-1) ?? "";
    if (/^ip(v6)? access-list /.test(top) && this.#entry(line)) return;
    if (this.#opens || this.#shelf().get(line)?.below) {
      this.#enter(line);
      return;
    }
    if (this.#isHeader(line, top)) {
      this.#enter(line);
      return;
    }
    if (top !== "" && this.#isHeader(line, "")) {
      // A command of the global mode leaves the block, as on the device.
      this.#path = [];
      this.#names = [];
      this.#enter(line);
      return;
    }
    const negated = line.startsWith("no ");
    if (takePrefixLine(this.root, PREFIX_LISTS, negated ? line.slice(3) : line, negated, this.strict)) return;
    if (negated) {
      this.#remove(line.slice(3));
      return;
    }
    this.#put(line);
  }

  #isHeader(line: string, top: string): boolean {
    if (top === "") return HEADERS.some((header) => header.test(line)) || /^vlan [\d,-]+$/.test(line);
    const kind = top.startsWith("router bgp")
      ? "bgp"
      : top.startsWith("vrf ")
        ? "vrf"
        : top.startsWith("policy-map")
          ? "policy"
          : top === "archive"
            ? "archive"
            : top.startsWith("key chain")
              ? "keychain"
              : top.startsWith("interface")
                ? "interface"
                : top.startsWith("class ")
                  ? "class"
                  : "";
    return (INNER[kind] ?? []).some((header) => header.test(line));
  }

  #enter(line: string): void {
    const several = /^vlan ([\d,-]+)$/.exec(line);
    if (several && /[,-]/.test(line)) {
      for (const vlan of numbersIn(several[1] ?? "")) this.#open(`vlan ${vlan}`);
      return;
    }
    const vty = /^line vty (\d+)(?: (\d+))?$/.exec(line);
    if (vty) {
      this.#openLines(Number(vty[1]), Number(vty[2] ?? vty[1]));
      return;
    }
    const name = this.#headerName(line);
    const held = this.#open(name, /^(route-map|crypto) /.test(name) ? line : undefined);
    this.#path.push(held);
    this.#names.push(name);
  }

  #headerName(line: string): string {
    if (line.startsWith("interface ")) return `interface ${interfaceName(line.slice(10))}`;
    const map = /^route-map (\S+) \S+ (\d+)$/.exec(line);
    if (map) return `route-map ${map[1]} ${map[2]}`;
    const classMap = /^class-map (match-any|match-all) (\S+)$/.exec(line);
    if (classMap) return `class-map ${classMap[2]}`;
    const crypto = /^crypto (?:ipsec transform-set \S+|map \S+ \d+)/.exec(line);
    if (crypto) return crypto[0];
    return line.replace(/^address-family ipv4 unicast$/, "address-family ipv4");
  }

  #open(name: string, line = name): Held {
    const shelf = this.#shelf();
    let held = shelf.get(name);
    const by =
      PHYSICAL.test(name.replace("interface ", "")) ||
      /^(line|archive|control-plane|log config)/.test(name) ||
      name === "interface Vlan1";
    if (!held) {
      held = {
        line: by ? `(${line})` : line,
        below: new Map(),
        entries: /access-list/.test(name) ? new Map() : undefined,
      };
      shelf.set(name, held);
    }
    if (name.startsWith("route-map")) held.line = line;
    return held;
  }

  /** `line vty 0 15` is sixteen lines that are set together. */
  #openLines(low: number, high: number): void {
    const all: Held[] = [];
    for (let n = low; n <= high; n++) all.push(this.#open(`line vty ${String(n).padStart(2, "0")}`));
    const shared: Held = {
      line: "",
      below: manyShelves(all.map((held) => held.below as Shelf)),
      entries: undefined,
    };
    this.#path.push(shared);
    this.#names.push(`line vty ${low} ${high}`);
  }

  #entry(line: string): boolean {
    const held = this.#path.at(-1) as Held;
    const entries = held.entries as Map<number, string>;
    const six = this.#names.at(-1)?.startsWith("ipv6");
    const gone = six ? /^no sequence (\d+)$/.exec(line) : /^no (\d+)$/.exec(line);
    if (gone) {
      if (!entries.delete(Number(gone[1])) && this.strict) throw new Refused(`no entry ${gone[1]}`);
      return true;
    }
    const words = /^no ((?:permit|deny|remark) .*)$/.exec(line)?.[1];
    if (words !== undefined) {
      const text = six ? words : plainEntry(words, this.#names.at(-1)?.includes("standard") ?? false);
      const at = [...entries].find(([, held]) => held === text)?.[0];
      if (at === undefined && this.strict) throw new Refused(`no entry ${text}`);
      if (at !== undefined) entries.delete(at);
      return true;
    }
    const match = six
      ? /^(?:sequence (\d+) )?((?:permit|deny|remark) .*)$/.exec(line)
      : /^(?:(\d+) )?((?:permit|deny|remark) .*)$/.exec(line);
    if (!match) return false;
    const text = six
      ? (match[2] ?? "")
      : plainEntry(match[2] ?? "", this.#names.at(-1)?.includes("standard") ?? false);
    const number = match[1] ? Number(match[1]) : (Math.floor(Math.max(0, ...entries.keys()) / 10) + 1) * 10;
    if (entries.has(number)) throw new Refused(`duplicate sequence number ${number}`);
    if ([...entries.values()].includes(text)) {
      if (this.strict) throw new Refused(`the same entry stands already: ${text}`);
      return true;
    }
    entries.set(number, text);
    return true;
  }

  #put(line: string): void {
    const shelf = this.#shelf();
    const top = this.#names.at(-1) ?? "";
    if (this.#special(line, top, shelf)) return;
    if (line === "passive-interface default") wipeExceptions(shelf);
    if (/^passive-interface \S+\d/.test(line) && shelf.get(line)?.line.startsWith("no ")) {
      shelf.delete(line);
      return;
    }
    if (this.strict && LAYER2.test(line) && shelf.has("switchport"))
      throw new Refused("not a switching port");
    const name = nameOf(line);
    if (DEFAULTS.has(line)) {
      shelf.delete(name);
      return;
    }
    if (ON.some((pattern) => pattern.test(line))) {
      if (!shelf.delete(line) && this.strict) throw new Refused(`already on: ${line}`);
      return;
    }
    if (this.strict) this.#refuse(line, name, top, shelf);
    shelf.set(name, { line, below: undefined, entries: undefined });
  }

  #refuse(line: string, name: string, top: string, shelf: Shelf): void {
    if (/^name /.test(line) && top.startsWith("vlan ")) {
      for (const [other, held] of this.root) {
        if (other !== top && other.startsWith("vlan ") && held.below?.get("name")?.line === line)
          throw new Refused("an identical name");
      }
    }
    if (/secondary$/.test(line) && !shelf.has("ip address")) throw new Refused("no primary address");
    if (/^ip address \d/.test(line)) this.#checkOverlap(line, top);
    if (
      /^ip address \d/.test(line) &&
      PHYSICAL.test(top.replace("interface ", "")) &&
      this.#isSwitch() &&
      !shelf.has("switchport")
    ) {
      throw new Refused("an address on a switching port");
    }
    if (/^channel-group/.test(line) && shelf.has(name)) throw new Refused("already in a group");
    if (/^service-policy (input|output)/.test(line) && shelf.has(name))
      throw new Refused("a policy stands already");
    if (/^aaa (authentication|authorization|accounting|group)/.test(line) && !this.root.has("aaa new-model"))
      throw new Refused("aaa is off");
    const group = /^neighbor \S+ peer-group (\S+)$/.exec(line)?.[1];
    if (group !== undefined && !shelf.has(`neighbor ${group} peer-group`))
      throw new Refused("no such peer group");
    if (/^address-family \S+ vrf /.test(line) && !this.root.has(`vrf definition ${line.split(" ")[3]}`))
      throw new Refused("no such VRF");
    if (/^neighbor \S+ (?!remote-as|peer-group(?: |$))/.test(line)) {
      const name = line.split(" ")[1];
      const bgp = this.#path[0]?.below;
      const isMember = [...(bgp?.keys() ?? [])].some((held) =>
        held.startsWith(`neighbor ${name} peer-group`),
      );
      if (!isMember && !bgp?.has(`neighbor ${name} remote-as`)) throw new Refused("no such neighbour");
    }
  }

  #isSwitch(): boolean {
    return JSON.stringify([...this.root.keys()]).includes("vlan ");
  }

  #checkOverlap(line: string, top: string): void {
    const [, , address = "", mask = ""] = line.split(" ");
    for (const [name, held] of this.root) {
      if (!name.startsWith("interface ") || name === top) continue;
      for (const other of held.below?.values() ?? []) {
        const match = /^ip address (\d\S+) (\d\S+)/.exec(other.line);
        if (
          match &&
          network(match[1] ?? "", mask) === network(address, mask) &&
          held.below?.get("vrf")?.line === this.#shelf().get("vrf")?.line
        ) {
          throw new Refused(`overlaps with ${name}`);
        }
      }
    }
  }

  #special(line: string, top: string, shelf: Shelf): boolean {
    if (changeRegion(shelf, line, false)) return true;
    if (/^encryption /.test(line)) {
      shelf.set("encr", { line: line.replace("encryption", "encr"), below: undefined, entries: undefined });
      return true;
    }
    const taken = /^(redistribute (?:static|connected|ospf \d+))((?: .*)?)$/.exec(line);
    if (taken) {
      const [, name = "", words = ""] = taken;
      // Words that the new line does not have stay: "redistribute static" after "… static subnets" changes nothing.
      const old = shelf.get(name)?.line.slice(name.length) ?? "";
      const kept = [...old.matchAll(/ (?:subnets|(?:metric|route-map|tag) \S+)/g)].filter(
        ([word]) => !words.includes(word.split(" ")[1] ?? ""),
      );
      shelf.set(name, { line: `${name}${kept.join("")}${words}`, below: undefined, entries: undefined });
      return true;
    }
    const allowed = /^switchport trunk allowed vlan (?:(add|remove|except) )?(.*)$/.exec(line);
    if (allowed) {
      this.#allowed(shelf, allowed[1], allowed[2] ?? "");
      return true;
    }
    const list = /^(ip dhcp snooping|ip arp inspection) vlan ([\d,-]+)$/.exec(line);
    if (list) {
      const name = `${list[1]} vlan`;
      const now = new Set([
        ...numbersIn(shelf.get(name)?.line.slice(name.length) ?? ""),
        ...numbersIn(list[2] ?? ""),
      ]);
      shelf.set(name, { line: `${name} ${spell(now)}`, below: undefined, entries: undefined });
      return true;
    }
    const stp = /^spanning-tree vlan ([\d,-]+) priority (\d+)$/.exec(line);
    if (stp && top === "") {
      for (const vlan of numbersIn(stp[1] ?? "")) {
        shelf.set(`stp ${vlan}`, {
          line: `spanning-tree vlan ${vlan} priority ${stp[2]}`,
          below: undefined,
          entries: undefined,
        });
      }
      return true;
    }
    const numbered = /^access-list (\d+) (.*)$/.exec(line);
    if (numbered) {
      const n = Number(numbered[1]);
      const kind = n < 100 || (n >= 1300 && n < 2000) ? "standard" : "extended";
      const held = this.#open(`ip access-list ${kind} ${n}`);
      const entries = held.entries as Map<number, string>;
      entries.set(
        (Math.max(0, ...entries.keys()) / 10 + 1) * 10,
        plainEntry(numbered[2] ?? "", kind === "standard"),
      );
      return true;
    }
    const again = /^ip(v6)? access-list resequence (\S+) (\d+) (\d+)$/.exec(line);
    if (again) {
      this.#resequence(again[2] ?? "", Number(again[3]), Number(again[4]));
      return true;
    }
    const reset = /^default interface (.*)$/.exec(line);
    if (reset) {
      if (!this.root.delete(`interface ${interfaceName(reset[1] ?? "")}`) && this.strict)
        throw new Refused("already default");
      return true;
    }
    if (/^vrf forwarding /.test(line)) wipeAddresses(shelf);
    if (line === "aaa new-model" && this.strict) {
      for (const [name, held] of this.root) if (name.startsWith("line ")) held.below?.delete("login");
    }
    if (/^login( local)?$/.test(line) && this.strict && this.root.has("aaa new-model"))
      throw new Refused("aaa new-model is on");
    const banner = /^banner (\S+) (\^C|\S)(.*)$/.exec(line);
    if (banner) {
      const stop = banner[2] === "^C" && !this.strict ? "^C" : (banner[2] ?? "").slice(0, 1);
      const rest = line.slice(line.indexOf(banner[1] ?? "") + (banner[1]?.length ?? 0) + 1 + stop.length);
      const end = rest.indexOf(stop);
      if (end >= 0) this.#keepBanner(banner[1] ?? "", [rest.slice(0, end)]);
      else this.#banner = { head: banner[1] ?? "", stop, text: [rest] };
      return true;
    }
    return false;
  }

  #bannerLine(raw: string): void {
    const banner = this.#banner as { head: string; stop: string; text: string[] };
    const end = raw.indexOf(banner.stop);
    banner.text.push(end >= 0 ? raw.slice(0, end) : raw);
    if (end < 0) return;
    this.#banner = undefined;
    this.#keepBanner(banner.head, banner.text);
  }

  #keepBanner(head: string, text: string[]): void {
    this.root.set(`banner ${head}`, {
      line: `banner ${head} ${JSON.stringify(text.join("\n").trim())}`,
      below: undefined,
      entries: undefined,
    });
  }

  #allowed(shelf: Shelf, verb: string | undefined, list: string): void {
    const all = numbersIn("1-4094");
    const now = shelf.has("allowed") ? numbersIn(shelf.get("allowed")?.line ?? "") : all;
    const given = list === "all" ? all : list === "none" ? new Set<number>() : numbersIn(list);
    let next = given;
    if (verb === "add") next = new Set([...now, ...given]);
    if (verb === "remove") next = new Set([...now].filter((n) => !given.has(n)));
    if (verb === "except") next = new Set([...all].filter((n) => !given.has(n)));
    if (next.size === 4094) shelf.delete("allowed");
    else shelf.set("allowed", { line: spell(next) || "none", below: undefined, entries: undefined });
  }

  #resequence(list: string, start: number, step: number): void {
    for (const [name, held] of this.root) {
      if (!held.entries || !name.endsWith(` ${list}`)) continue;
      const texts = [...held.entries.entries()].sort((a, b) => a[0] - b[0]).map(([, text]) => text);
      held.entries.clear();
      for (const [i, text] of texts.entries()) held.entries.set(start + i * step, text);
      return;
    }
    throw new Refused(`no list ${list}`);
  }

  /** "You cannot … make an object group empty if it is used in an ACL" (Cisco, Object Groups for ACLs, Restrictions). */
  #keepMember(shelf: Shelf): void {
    const group = /^object-group \S+ (\S+)$/.exec(this.#names.at(-1) ?? "")?.[1];
    if (group === undefined || !this.strict) return;
    const members = [...shelf.values()].filter((held) => !held.line.startsWith("description "));
    const isUser = (text: string) =>
      text.split(" ").some((word, i, words) => word === "object-group" && words[i + 1] === group);
    const used = [...this.root.values()].some((held) => [...(held.entries?.values() ?? [])].some(isUser));
    if (members.length === 1 && used) throw new Refused(`object group ${group} would be empty and is used`);
  }

  #remove(line: string): void {
    const shelf = this.#shelf();
    if (changeRegion(shelf, line, true)) return;
    if (ON.some((pattern) => pattern.test(line))) {
      shelf.set(line, { line: `no ${line}`, below: undefined, entries: undefined });
      return;
    }
    if (this.#removeSpecial(line, shelf)) return;
    if (line === "passive-interface default") wipeExceptions(shelf);
    if (/^passive-interface \S+\d/.test(line) && shelf.has("passive-interface default")) {
      shelf.set(line, { line: `no ${line}`, below: undefined, entries: undefined });
      return;
    }
    const name = this.#headerName(line);
    const held = shelf.get(name) ?? shelf.get(nameOf(line));
    const key = shelf.has(name) ? name : nameOf(line);
    if (held) {
      // Cisco IOS answers "% Removal of physical interfaces is not permitted".
      if (this.strict && PHYSICAL.test(key.replace(/^interface /, "")))
        throw new Refused("removal of physical interfaces is not permitted");
      if (this.strict) this.#refuseRemoval(line, shelf);
      this.#keepMember(shelf);
      if (key === "vrf") wipeAddresses(shelf);
      shelf.delete(key);
      const neighbor = /^neighbor (\S+) (?:remote-as|peer-group$)/.exec(line);
      if (neighbor)
        for (const other of [...shelf.keys()])
          if (other.startsWith(`neighbor ${neighbor[1]} `)) shelf.delete(other);
      return;
    }
    if (this.#removeByStart(line, shelf)) return;
    const short = SHORT.find(([pattern]) => pattern.test(line));
    if (short && shelf.delete(line.replace(short[0], short[1]))) return;
    if (this.strict && !/^(ip address|shutdown)$/.test(line)) throw new Refused(`nothing to remove: ${line}`);
  }

  /** Headers and neighbours that go by the beginning of their line. */
  #removeByStart(line: string, shelf: Shelf): boolean {
    if (
      !/^(track \d+|zone-pair security \S+|route-map \S+|neighbor \S+|snmp-server view \S+ \S+)$/.test(line)
    )
      return false;
    const gone = [...shelf.keys()].filter(
      (key) =>
        key.startsWith(`${line} `) ||
        key === line.replace("snmp-server", "snmp").replace(/^snmp view/, "snmp view"),
    );
    for (const key of gone) shelf.delete(key);
    return gone.length > 0;
  }

  #refuseRemoval(line: string, shelf: Shelf): void {
    if (
      /^ip address \S+ \S+$/.test(line) &&
      [...shelf.values()].some((held) => held.line.endsWith("secondary"))
    ) {
      throw new Refused("secondary addresses stand");
    }
  }

  #removeSpecial(line: string, shelf: Shelf): boolean {
    if (line === "switchport trunk allowed vlan") return shelf.delete("allowed");
    const list = /^(ip dhcp snooping|ip arp inspection) vlan ([\d,-]+)$/.exec(line);
    if (list) {
      const name = `${list[1]} vlan`;
      const gone = numbersIn(list[2] ?? "");
      const now = [...numbersIn(shelf.get(name)?.line.slice(name.length) ?? "")].filter((n) => !gone.has(n));
      if (now.length === 0) shelf.delete(name);
      else shelf.set(name, { line: `${name} ${spell(now)}`, below: undefined, entries: undefined });
      return true;
    }
    return false;
  }
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

/** With the default turned over, what was said of single interfaces is gone. */
function wipeExceptions(shelf: Shelf): void {
  for (const name of [...shelf.keys()]) if (/^passive-interface \S+\d/.test(name)) shelf.delete(name);
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

/** Older spellings of some lines, and interface names in full. */
function plainLine(line: string): string {
  return line
    .replace(/^(no )?ip domain-/, "$1ip domain ")
    .replace(
      /^(ip route \S+ \S+) ([A-Z][a-z]+\d\S*)/,
      (_, head: string, name: string) => `${head} ${interfaceName(name)}`,
    );
}

function interfaceName(text: string): string {
  const match = /^([A-Za-z-]+) ?(\d.*)$/.exec(text.trim());
  if (!match) return text;
  const kind = KINDS[(match[1] ?? "").slice(0, 2).toLowerCase()];
  return (kind ?? match[1] ?? "") + (match[2] ?? "");
}

function plainEntry(text: string, standard: boolean): string {
  let words = text.split(" ");
  if (words[0] === "remark") return text;
  if (words[1] === "6") words[1] = "tcp";
  words = words.map((word, i) =>
    ["eq", "neq", "gt", "lt", "range"].includes(words[i - 1] ?? "") || words[i - 2] === "range"
      ? (NUMBERS[word] ?? word)
      : word,
  );
  let line = words.join(" ");
  if (standard) line = line.replace(/host (\S+)/, "$1").replace(/(\d\S+) 0\.0\.0\.0$/, "$1");
  else line = line.replace(/host (\S+)/g, "$1 0.0.0.0");
  line = line.replace(/0\.0\.0\.0 255\.255\.255\.255/g, "any");
  return line.replace(
    /(\d+\.\d+\.\d+\.\d+) (\d+\.\d+\.\d+\.\d+)/g,
    (_, a: string, w: string) => `${base(a, w)} ${w}`,
  );
}

function base(address: string, wildcard: string): string {
  const w = wildcard.split(".").map(Number);
  return address
    .split(".")
    .map((octet, i) => Number(octet) & (255 - (w[i] ?? 0)))
    .join(".");
}

function network(address: string, mask: string): string {
  const m = mask.split(".").map(Number);
  return address
    .split(".")
    .map((octet, i) => Number(octet) & (m[i] ?? 0))
    .join(".");
}
