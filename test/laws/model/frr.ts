import { copyInto, type Held, Refused } from "./device.ts";
import { takePrefixLine } from "./prefix-list.ts";
import { type DeviceTable, TableDevice } from "./table-device.ts";

/** What the modelled FRR router knows, from the user guide and from `vtysh` itself (frr-model.test.ts asks it). */
const FRR: DeviceTable = {
  undo: "no",
  leave: "exit",
  headers: [/^interface \S+$/, /^route-map \S+ (?:permit|deny) \d+$/, /^router bgp \d+$/],
  inner: [[/^router bgp /, /^address-family ipv4 unicast$/]],
  byItself: /^(?:interface|address-family) /,
  single: [
    [/^description /, "description", /^description$/],
    [/^ip route (\S+) (\S+)/, "route $1 $2", /^ip route (\S+) (\S+)(?: \d+)?$/],
    [/^match ip address prefix-list /, "match address", /^match ip address(?: prefix-list(?: \S+)?)?$/],
    [/^set (\S+) /, "set $1", /^set (\S+)(?: \S+)?$/],
    [/^neighbor (\S+) remote-as /, "neighbor $1 as", /^never$/],
    [/^neighbor (\S+) description /, "neighbor $1 description", /^neighbor (\S+) description(?: .*)?$/],
    [
      /^neighbor (\S+) (prefix-list|route-map) \S+ (in|out)$/,
      "neighbor $1 $2 $3",
      /^neighbor (\S+) (prefix-list|route-map) \S+ (in|out)$/,
    ],
  ],
  on: [],
  defaults: new Set(),
  families: [
    [/^neighbor (\S+)(?: remote-as(?: \d+)?)?$/, "neighbor $1 "],
    [/^route-map (\S+)$/, "route-map $1 "],
  ],
};

const PREFIX_LISTS = {
  head: /^ip prefix-list$/,
  number: "seq",
  step: 5,
  described: false,
  overwrites: true,
} as const;

/** A small FRR router as `vtysh` takes it; it shares neither code nor data with the engine. */
export class FrrDevice extends TableDevice {
  static load(text: string): FrrDevice {
    const lines = text.split("\n").filter((line) => !/^\s*exit(?:-address-family)?$/.test(line));
    return new FrrDevice(FRR).fill(lines.join("\n"));
  }

  /** A device of the same state, at the top. */
  copy(): FrrDevice {
    const other = FrrDevice.load("");
    copyInto(other.root, this.root);
    return other;
  }

  protected plain(line: string): string {
    return line === "exit-address-family" ? "exit" : line;
  }

  /** Another action under a number of a route map takes the place of the one before, and either removes it. */
  protected headerName(line: string): string {
    return line.replace(/^(route-map \S+) (?:permit|deny) (\d+)$/, "$1 $2");
  }

  protected several(): undefined {
    return undefined;
  }

  protected textEnd(): undefined {
    return undefined;
  }

  protected entry(_line: string, _held: Held): boolean {
    return false;
  }

  protected special(line: string, negated: boolean): boolean {
    if (negated && this.path.length === 2 && /^neighbor \S+$/.test(line))
      throw new Refused("a neighbor goes in its process, not in a family");
    return takePrefixLine(this.root, PREFIX_LISTS, line, negated, this.strict);
  }

  protected override refuseRemoval(header: string): void {
    if (/^(?:interface|address-family) /.test(header)) throw new Refused(`stays: ${header}`);
  }

  protected refuse(line: string): void {
    const process = this.path[0]?.below;
    const neighbor = /^neighbor (\S+) (?!remote-as)/.exec(line)?.[1];
    if (neighbor !== undefined && !process?.has(`neighbor ${neighbor} as`))
      throw new Refused(`no neighbor ${neighbor}`);
    const other = [...this.root.keys()].find((name) => name.startsWith("router bgp ") && name !== line);
    if (line.startsWith("router bgp ") && other !== undefined) throw new Refused(`${other} is running`);
  }
}
