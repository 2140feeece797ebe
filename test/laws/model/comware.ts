import { clearBases, maskOf, refuseOverlap, wipeAddresses } from "./addresses.ts";
import { COMWARE, KINDS, NUMBERS } from "./comware-tables.ts";
import { changeRegion, copyInto, type Held, numbersIn, Refused, type Shelf, spell } from "./device.ts";
import { type PrefixManual, takePrefixLine } from "./prefix-list.ts";
import { TableDevice } from "./table-device.ts";

/** H3C Layer 3 IP routing command reference, ip prefix-list; Comware 5 says ip ip-prefix. */
const PREFIX_LISTS: PrefixManual = {
  head: /^(?:ip(?:v6)? prefix-list|ip (?:ip|ipv6)-prefix)$/,
  number: "index",
  step: 10,
  described: false,
};

/** What a change of the link type puts back to default. */
const LINK_SETTINGS = ["access", "pvid", "trunk", "hybrid pvid", "hybrid tagged", "hybrid untagged"];

/** A small H3C Comware device, written from the manuals; it shares neither code nor data with the engine. */
export class ComwareDevice extends TableDevice {
  static load(text: string): ComwareDevice {
    return new ComwareDevice(COMWARE).fill(text);
  }

  /** A device of the same state, at the top. */
  copy(): ComwareDevice {
    const other = ComwareDevice.load("");
    copyInto(other.root, this.root);
    return other;
  }

  protected plain(line: string): string {
    return line
      .replace(
        /^((?:undo )?(?:ip address|ip route-static(?: vpn-instance \S+)?|network) \d+\.\d+\.\d+\.\d+ (?:mask )?)(\d{1,2})(?= |$)/,
        (_, head: string, length: string) => head + maskOf(Number(length)),
      )
      .replace(/^((?:undo )?area )(\d+)$/, (_, head: string, n: string) => `${head}0.0.0.${n}`)
      .replace(
        /^((?:undo )?interface )([A-Za-z-]+) ?(\d\S*)$/,
        (_, head: string, kind: string, number: string) => head + fullKind(kind) + number,
      );
  }

  protected headerName(line: string): string {
    return line
      .replace(/^(route-policy \S+) (?:permit |deny )?node (\d+)$/, "$1 $2")
      .replace(/^(ospf \d+) .*$/, "$1")
      .replace(/^(traffic classifier \S+) .*$/, "$1")
      .replace(/^acl (ipv6 )?(?:number |basic |advanced )+/, "acl $1");
  }

  protected several(line: string): readonly string[] | undefined {
    const span = /^vlan (\d+) to (\d+)$/.exec(line);
    if (span) return range(span).map((vlan) => `vlan ${vlan}`);
    const lines = /^(line|user-interface) vty (\d+) (\d+)$/.exec(line);
    if (!lines) return undefined;
    return range([lines[0], lines[2] ?? "", lines[3] ?? ""]).map(
      (n) => `line vty ${String(n).padStart(2, "0")}`,
    );
  }

  protected textEnd(line: string): string | undefined {
    const match = /^header \S+ (\S)(.*)$/.exec(line);
    return match && !match[2]?.includes(match[1] ?? "") ? match[1] : undefined;
  }

  protected entry(line: string, held: Held): boolean {
    const entries = held.entries as Map<number, string>;
    if (held.line.startsWith("object-group ")) return this.#member(line, entries);
    const gone = /^undo rule (\d+)( comment)?$/.exec(line);
    const note = /^rule (\d+) comment (.*)$/.exec(line);
    const named = gone ?? note;
    if (named) {
      const number = Number(named[1]);
      const text = entries.get(number);
      if (text === undefined) throw new Refused(`rule ${number} does not exist`);
      if (note) entries.set(number, `${bare(text)} ~${note[2]}`);
      else if (gone?.[2]) entries.set(number, bare(text));
      else entries.delete(number);
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
    const next = entries.size === 0 ? 0 : (Math.floor(Math.max(...entries.keys()) / size) + 1) * size;
    const number = rule[1] === undefined ? next : Number(rule[1]);
    if (entries.has(number)) throw new Refused(`rule ${number} stands already and would be edited`);
    const text = plainRule(rule[2] ?? "");
    if ([...entries.values()].some((other) => bare(other) === text))
      throw new Refused(`the same rule stands already: ${text}`);
    entries.set(number, text);
    return true;
  }

  /** A member of an object group: its number is its name, two of one content are refused. */
  #member(line: string, entries: Map<number, string>): boolean {
    const gone = /^undo (?:network|port) (\d+)$/.exec(line);
    if (gone && !entries.delete(Number(gone[1]))) throw new Refused(`no member ${gone[1]}`);
    if (gone) return true;
    const member = /^(?:(\d+) )?((?:network|port) .*)$/.exec(line);
    if (!member) return false;
    const text = member[2] ?? "";
    const next = entries.size === 0 ? 0 : (Math.floor(Math.max(...entries.keys()) / 10) + 1) * 10;
    if ([...entries.values()].includes(text)) throw new Refused(`the same member stands already: ${text}`);
    entries.set(member[1] === undefined ? next : Number(member[1]), text);
    return true;
  }

  /** A new step numbers the rules from 0 on; while a text is loaded they stand as written. */
  #renumber(held: Held, size: number): void {
    if (size < 1 || size > 20) throw new Refused("a step is 1 to 20");
    const entries = held.entries as Map<number, string>;
    const texts = [...entries.entries()].sort((a, b) => a[0] - b[0]).map(([, text]) => text);
    if (this.strict) {
      entries.clear();
      for (const [i, text] of texts.entries()) entries.set(i * size, text);
    }
    if (size === 5) held.below?.delete("step");
    else this.hold(held.below as Shelf, "step", `step ${size}`);
  }

  protected special(line: string, negated: boolean): boolean {
    if (takePrefixLine(this.root, PREFIX_LISTS, line, negated, this.strict)) return true;
    const shelf = this.shelf();
    if (changeRegion(shelf, line, negated)) return true;
    const list = /^port (trunk permit|hybrid) vlan (.*?)(?: (tagged|untagged))?$/.exec(line);
    if (list) {
      this.#lists(shelf, list, negated);
      return true;
    }
    if (/^silent-interface \S+\d$/.test(line) && shelf.has("silent-interface all")) {
      if (negated) this.hold(shelf, line, `undo ${line}`);
      else shelf.delete(line);
      return true;
    }
    const types = /^service-type (.*)$/.exec(line);
    if (types) {
      const now = new Set(shelf.get("service-type")?.line.split(" ").slice(1));
      for (const type of types[1]?.split(" ") ?? []) negated ? now.delete(type) : now.add(type);
      if (now.size === 0) shelf.delete("service-type");
      else this.hold(shelf, "service-type", ["service-type", ...[...now].sort()].join(" "));
      return true;
    }
    const vlan = /^vlan (\d+)$/.exec(line);
    if (vlan && negated) {
      this.#dropVlan(vlan[1] ?? "");
      return true;
    }
    if (negated && /^ip address \d\S+ \d\S+$/.test(line)) {
      if ([...shelf.values()].some((held) => held.line.endsWith(" sub")))
        throw new Refused("secondary addresses stand");
    }
    this.#wipe(line, shelf);
    return false;
  }

  /** What the device puts back to default by itself when a line comes or goes. */
  #wipe(line: string, shelf: Shelf): void {
    if (/^port link-type/.test(line)) for (const name of LINK_SETTINGS) shelf.delete(name);
    if (/^port link-mode/.test(line)) {
      const stay = ["description", "speed", "shutdown", "link-mode"];
      for (const name of [...shelf.keys()]) if (!stay.includes(name)) shelf.delete(name);
    }
    if (/^ip binding vpn-instance/.test(line)) wipeAddresses(shelf);
    if (line === "silent-interface all")
      for (const name of [...shelf.keys()]) if (/^silent-interface \S+\d$/.test(name)) shelf.delete(name);
  }

  #lists(shelf: Shelf, match: RegExpExecArray, negated: boolean): void {
    const [, kind = "", text = "", tag] = match;
    if (text.replace(/ to /g, "-").split(" ").length > 10)
      throw new Refused("more than ten ranges in one line");
    const wanted = kind === "hybrid" ? "hybrid" : "trunk";
    if (shelf.get("link-type")?.line !== `port link-type ${wanted}`)
      throw new Refused(`not a ${wanted} port`);
    const given = numbersIn(text);
    if (wanted === "trunk") {
      this.#change({ shelf, name: "trunk", start: [1] }, negated ? "take" : "give", given);
      return;
    }
    if (negated && tag !== undefined) throw new Refused("undo port hybrid vlan takes no tag");
    for (const name of ["tagged", "untagged"]) {
      const start = name === "untagged" ? [1] : [];
      this.#change({ shelf, name: `hybrid ${name}`, start }, name === tag ? "give" : "take", given);
    }
  }

  /** Gives elements to a list or takes them; the list says nothing where it holds what it begins with. */
  #change(
    list: { readonly shelf: Shelf; readonly name: string; readonly start: readonly number[] },
    how: "give" | "take",
    given: ReadonlySet<number>,
  ): void {
    const { shelf, name, start } = list;
    const now = shelf.has(name) ? numbersIn(shelf.get(name)?.line ?? "") : new Set(start);
    const next =
      how === "give" ? new Set([...now, ...given]) : new Set([...now].filter((n) => !given.has(n)));
    if (spell(next) === spell(start)) shelf.delete(name);
    else this.hold(shelf, name, `${name} ${spell(next) || "none"}`);
  }

  #dropVlan(vlan: string): void {
    if (this.root.has(`interface Vlan-interface${vlan}`)) throw new Refused(`VLAN ${vlan} has an interface`);
    if (!this.root.delete(`vlan ${vlan}`)) throw new Refused(`VLAN ${vlan} does not exist`);
    for (const held of this.root.values())
      if (held.below?.get("access")?.line === `port access vlan ${vlan}`) held.below.delete("access");
  }

  /** "undo interface" is of logical interfaces (H3C S5130 interface command reference). */
  protected override refuseRemoval(header: string): void {
    if (/^interface (?:M-|Ten-)?GigabitEthernet/.test(header))
      throw new Refused("a physical interface cannot be deleted");
  }

  protected refuse(line: string, name: string): void {
    const shelf = this.shelf();
    const top = this.names.at(-1) ?? "";
    const type = shelf.get("link-type")?.line.split(" ")[2] ?? "access";
    const vlan = /^(?:port access vlan |interface Vlan-interface)(\d+)$/.exec(line)?.[1];
    if (vlan !== undefined && vlan !== "1" && !this.root.has(`vlan ${vlan}`))
      throw new Refused(`VLAN ${vlan} does not exist`);
    if (/^port access vlan /.test(line) && type !== "access") throw new Refused("not an access port");
    if (/^port trunk pvid /.test(line) && type !== "trunk") throw new Refused("not a trunk port");
    if (/^port hybrid pvid /.test(line) && type !== "hybrid") throw new Refused("not a hybrid port");
    if (/^port link-type (?:trunk|hybrid)$/.test(line) && shelf.has("link-type"))
      throw new Refused("from trunk to hybrid and back the way leads over access");
    if (/^(?:port link-aggregation group|packet-filter|qos apply policy) /.test(line) && shelf.has(name))
      throw new Refused(`stands already: ${shelf.get(name)?.line}`);
    const group = /^port link-aggregation group (\d+)/.exec(line)?.[1];
    if (group !== undefined && !this.root.has(`interface Bridge-Aggregation${group}`))
      throw new Refused(`no group ${group}`);
    if (/^ip address .* sub$/.test(line) && !shelf.has("ip address")) throw new Refused("no primary address");
    if (/^ip address \d/.test(line)) refuseOverlap(this.root, { name: top, shelf, line }, addressIn);
    const vrid = /^vrrp vrid (\d+) (?!virtual-ip)/.exec(line)?.[1];
    if (vrid !== undefined && ![...shelf.keys()].some((key) => key.startsWith(`vrrp ${vrid} ip `)))
      throw new Refused(`no virtual address in group ${vrid}`);
    const peer = /^peer (\S+) (?!as-number)/.exec(line)?.[1];
    if (peer !== undefined && !this.path[0]?.below?.has(`peer ${peer} as`))
      throw new Refused(`no peer ${peer}`);
  }
}

function addressIn(line: string): readonly [string, string] | undefined {
  const match = /^ip address (\d\S+) (\d\S+)/.exec(line);
  return match ? [match[1] ?? "", match[2] ?? ""] : undefined;
}

function fullKind(kind: string): string {
  if (/^M-/i.test(kind)) return kind;
  return KINDS.find(([start]) => start.test(kind))?.[1] ?? kind;
}

function range([, low = "0", high = "0"]: readonly string[]): number[] {
  return Array.from({ length: Number(high) - Number(low) + 1 }, (_, i) => Number(low) + i);
}

function bare(text: string): string {
  return text.replace(/ ~.*$/, "");
}

function plainRule(text: string): string {
  const words = text.split(" ");
  if (words[1] === "6") words[1] = "tcp";
  const numbered = words.map((word, i) =>
    /^(?:eq|neq|gt|lt|range)$/.test(words[i - 1] ?? "") || words[i - 2] === "range"
      ? (NUMBERS[word] ?? word)
      : word,
  );
  return clearBases(
    numbered
      .join(" ")
      .replace(/(\d+\.\d+\.\d+\.\d+) 0(?= |$)/g, "$1 0.0.0.0")
      .replace(/ (?:source|destination) any/g, ""),
  );
}
