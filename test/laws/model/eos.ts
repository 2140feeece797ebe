import { clearBases, inverse, maskOf, refuseOverlap, wipeAddresses } from "./addresses.ts";
import { changeRegion, copyInto, type Held, numbersIn, Refused, type Shelf, spell } from "./device.ts";
import { EOS, NUMBERS } from "./eos-tables.ts";
import { TableDevice } from "./table-device.ts";

const ALL = numbersIn("1-4094");

/** A small Arista EOS device, written from the manual; it shares neither code nor data with the engine. */
export class EosDevice extends TableDevice {
  static load(text: string): EosDevice {
    return new EosDevice(EOS).fill(text);
  }

  /** A device of the same state, at the top. */
  copy(): EosDevice {
    const other = EosDevice.load("");
    copyInto(other.root, this.root);
    return other;
  }

  protected plain(line: string): string {
    return line.replace(/( area )(\d+)$/, (_, head: string, n: string) => `${head}0.0.0.${n}`);
  }

  protected headerName(line: string): string {
    return line
      .replace(/^(route-map \S+) (?:permit|deny) (\d+)$/, "$1 $2")
      .replace(/^(router ospf \d+) .*$/, "$1");
  }

  protected several(line: string): readonly string[] | undefined {
    const list = /^vlan (\d+(?:[,-]\d+)+)$/.exec(line)?.[1];
    return list === undefined ? undefined : [...numbersIn(list)].map((vlan) => `vlan ${vlan}`);
  }

  protected textEnd(line: string): string | undefined {
    return /^banner (?:login|motd)$/.test(line) ? "EOF" : undefined;
  }

  protected entry(line: string, held: Held): boolean {
    const entries = held.entries as Map<number, string>;
    const gone = /^no (?:seq )?(\d+)$/.exec(line);
    if (gone) {
      if (!entries.delete(Number(gone[1]))) throw new Refused(`no entry ${gone[1]}`);
      return true;
    }
    const again = /^resequence(?: (\d+)(?: (\d+))?)?$/.exec(line);
    if (again) {
      const texts = [...entries.entries()].sort((a, b) => a[0] - b[0]).map(([, text]) => text);
      entries.clear();
      for (const [i, text] of texts.entries())
        entries.set(Number(again[1] ?? 10) + i * Number(again[2] ?? 10), text);
      return true;
    }
    const match = /^(?:(?:seq )?(\d+) )?((?:permit|deny|remark) .*)$/.exec(line);
    if (!match) return false;
    const number = Number(match[1] ?? (Math.floor(Math.max(0, ...entries.keys()) / 10) + 1) * 10);
    if (entries.has(number)) throw new Refused(`sequence number ${number} is in use`);
    // Prefix lists know no masks and no names of ports: 0.0.0.0/0 is the default route, not any.
    const isPrefix = /^ip(?:v6)? prefix-list /.test(held.line);
    const text = isPrefix ? (match[2] ?? "") : plainEntry(match[2] ?? "");
    if ([...entries.values()].includes(text)) throw new Refused(`the same entry stands already: ${text}`);
    entries.set(number, text);
    return true;
  }

  protected special(line: string, negated: boolean): boolean {
    const shelf = this.shelf();
    if (changeRegion(shelf, line, negated)) return true;
    const allowed = /^switchport trunk allowed vlan ?(?:(add|remove|except) )?(.*)$/.exec(line);
    if (allowed) {
      this.#allowed(shelf, negated ? undefined : allowed[1], negated ? "all" : (allowed[2] ?? ""));
      return true;
    }
    const reset = /^default (interface \S+)$/.exec(line)?.[1];
    if (reset !== undefined) {
      if (!this.root.delete(reset)) throw new Refused("already default");
      return true;
    }
    return this.#vlans(line, negated) || this.#prefixEntry(line, negated) || this.#wipe(line, negated, shelf);
  }

  /** Commands that name several VLANs. */
  #vlans(line: string, negated: boolean): boolean {
    const stp = /^spanning-tree vlan-id (\S+) priority ?(\d*)$/.exec(line);
    if (stp) {
      for (const vlan of numbersIn(stp[1] ?? "")) {
        const name = `stp ${vlan}`;
        if (!negated) this.hold(this.root, name, `${name} ${stp[2]}`);
        else if (!this.root.delete(name)) throw new Refused(`nothing to take away: ${line}`);
      }
      return true;
    }
    const gone = negated ? /^vlan ([\d,-]+)$/.exec(line)?.[1] : undefined;
    if (gone === undefined) return false;
    for (const vlan of numbersIn(gone))
      if (!this.root.delete(`vlan ${vlan}`)) throw new Refused(`VLAN ${vlan} does not exist`);
    return true;
  }

  /** An entry of a prefix list in one line, without entering the list; the list goes with its last entry. */
  #prefixEntry(line: string, negated: boolean): boolean {
    const match = /^(ip prefix-list \S+) (seq (\d+).*)$/.exec(line);
    if (!match) return false;
    const [, list = "", text = "", number = ""] = match;
    const held = negated ? this.root.get(list) : this.open(list, list);
    if (!held || !this.entry(negated ? `no seq ${number}` : text, held))
      throw new Refused(`nothing to take away: ${line}`);
    if (held.entries?.size === 0) this.root.delete(list);
    return true;
  }

  /** What the device takes away by itself when a line comes or goes. */
  #wipe(line: string, negated: boolean, shelf: Shelf): boolean {
    if (/^vrf(?: \S+)?$/.test(line)) wipeAddresses(shelf);
    const secondary = [...shelf.values()].some((held) => held.line.endsWith(" secondary"));
    if (negated && /^ip address \S+$/.test(line) && secondary) throw new Refused("secondary addresses stand");
    if (line === "passive-interface default")
      for (const name of [...shelf.keys()]) if (/^passive-interface \S+\d$/.test(name)) shelf.delete(name);
    if (/^passive-interface \S+\d$/.test(line) && shelf.has("passive-interface default")) {
      if (negated) this.hold(shelf, line, `no ${line}`);
      else shelf.delete(line);
      return true;
    }
    return false;
  }

  #allowed(shelf: Shelf, verb: string | undefined, list: string): void {
    const now = shelf.has("allowed") ? numbersIn(shelf.get("allowed")?.line ?? "") : ALL;
    const given = list === "all" ? ALL : list === "none" ? new Set<number>() : numbersIn(list);
    let next = given;
    if (verb === "add") next = new Set([...now, ...given]);
    if (verb === "remove") next = new Set([...now].filter((n) => !given.has(n)));
    if (verb === "except") next = new Set([...ALL].filter((n) => !given.has(n)));
    if (next.size === ALL.size) shelf.delete("allowed");
    else this.hold(shelf, "allowed", `allowed ${spell(next) || "none"}`);
  }

  protected refuse(line: string, name: string): void {
    const shelf = this.shelf();
    const top = this.names.at(-1) ?? "";
    if (/^ip address \S+ secondary$/.test(line) && !shelf.has("ip address"))
      throw new Refused("no primary address");
    if (/^ip address \d/.test(line)) {
      if (/^interface Ethernet/.test(top) && !shelf.has("switchport")) throw new Refused("a switching port");
      refuseOverlap(this.root, { name: top, shelf, line }, addressIn);
    }
    if (/^channel-group /.test(line) && shelf.has(name)) throw new Refused(`stands already: ${name}`);
    const member = /^channel-group (\d+)/.exec(line)?.[1];
    if (member !== undefined && !this.root.has(`interface Port-Channel${member}`))
      throw new Refused(`no Port-Channel${member}`);
    const neighbor = /^neighbor (\S+) (?!remote-as|peer group)/.exec(line)?.[1];
    const process = this.path[0]?.below;
    const starts = [
      `neighbor ${neighbor} as`,
      `neighbor ${neighbor} group`,
      `neighbor ${neighbor} peer group`,
    ];
    if (neighbor !== undefined && !starts.some((start) => process?.has(start)))
      throw new Refused(`no neighbor ${neighbor}`);
  }
}

function addressIn(line: string): readonly [string, string] | undefined {
  const match = /^ip address (\d[^/]+)\/(\d+)/.exec(line);
  return match ? [match[1] ?? "", maskOf(Number(match[2]))] : undefined;
}

/** An entry with numbers for names, and addresses with wildcards. */
function plainEntry(text: string): string {
  if (text.startsWith("remark ")) return text;
  const words = text.split(" ").map((word, i, all) => {
    const before = all[i - 1] ?? "";
    return /^(?:eq|neq|gt|lt|range)$/.test(before) || all[i - 2] === "range" ? (NUMBERS[word] ?? word) : word;
  });
  return clearBases(
    words
      .join(" ")
      .replace(/host (\d\S+)/g, "$1 0.0.0.0")
      .replace(
        /(\d+\.\d+\.\d+\.\d+)\/(\d+)/g,
        (_, address: string, n: string) => `${address} ${inverse(maskOf(Number(n)))}`,
      )
      .replace(/0\.0\.0\.0 255\.255\.255\.255/g, "any"),
  );
}
