import fc from "fast-check";
import { type Abstract, abstractDevice, spellDevice } from "../random-config.ts";
import { type AbstractSite, abstractSite } from "../random-forms.ts";

/** Lines of a small tree, those of the terminal not counted: every device has them. */
const LINES = 6;

/** Two small devices that have something in common. */
export const smallPair: fc.Arbitrary<readonly [Abstract, Abstract]> = fc
  .tuple(abstractDevice, abstractDevice, fc.array(fc.nat(99), { minLength: 40, maxLength: 40 }), fc.boolean())
  .map(([one, two, picks, alike]) => {
    const first = smaller(one, picks);
    const other = smaller(two, picks.toReversed());
    return [first, smaller(alike ? mixed(first, other, picks) : other, picks)] as const;
  });

/** The first device with some of its parts taken from the second. */
function mixed(one: Abstract, two: Abstract, picks: readonly number[]): Abstract {
  const from = (i: number) => ((picks[i] ?? 0) % 2 === 0 ? one : two);
  return closed({
    vlans: { ...one.vlans, ...from(0).vlans },
    ports: from(1).ports,
    lists: from(2).lists,
    svis: from(3).svis,
    routes: from(4).routes,
    terminal: from(5).terminal,
  });
}

/** Takes parts away until at most six lines are left. */
function smaller(device: Abstract, picks: readonly number[]): Abstract {
  let now: Abstract = { ...device, routes: device.routes.slice(0, 1) };
  for (let i = 0; sizeOf(now) > LINES; i++) now = closed(without(now, picks[i % picks.length] ?? i, i));
  return now;
}

function sizeOf(device: Abstract): number {
  return (
    spellDevice("iosxe", { ...device, terminal: undefined })
      .trimEnd()
      .split("\n").length - 2
  );
}

function without(device: Abstract, pick: number, turn: number): Abstract {
  const drop = <T>(record: Readonly<Record<string, T>>): Record<string, T> => {
    const names = Object.keys(record);
    const gone = names[pick % Math.max(1, names.length)];
    return Object.fromEntries(Object.entries(record).filter(([name]) => name !== gone));
  };
  const kinds = ["vlans", "ports", "lists", "svis", "routes"] as const;
  const kind = kinds[(pick + turn) % kinds.length] ?? "vlans";
  if (kind === "routes") return { ...device, routes: device.routes.slice(1) };
  if (kind === "lists") {
    const [name, rules] = Object.entries(device.lists)[pick % 3] ?? [];
    if (name !== undefined && rules && rules.length > 1)
      return { ...device, lists: { ...device.lists, [name]: rules.slice(0, -1) } };
  }
  return { ...device, [kind]: drop(device[kind] as Readonly<Record<string, unknown>>) };
}

/** Names that are used exist. */
function closed(device: Abstract): Abstract {
  const known = (list: string | undefined) => (list !== undefined && device.lists[list] ? list : undefined);
  const vlans: Record<number, string> = { ...device.vlans };
  for (const port of Object.values(device.ports))
    for (const vlan of port.mode === "access" ? [port.vlan] : [port.native, ...port.tagged])
      vlans[vlan] ??= "";
  for (const vlan of Object.keys(device.svis)) vlans[Number(vlan)] ??= "";
  const named = new Set<string>();
  for (const [vlan, name] of Object.entries(vlans)) {
    if (named.has(name)) vlans[Number(vlan)] = "";
    named.add(name);
  }
  const taken = new Set<number>();
  const svis = Object.entries(device.svis)
    .filter(([, svi]) => !taken.has(svi.address) && taken.add(svi.address))
    .map(([vlan, svi]) => [vlan, { ...svi, list: known(svi.list) }]);
  return { ...device, vlans, svis: Object.fromEntries(svis), terminal: known(device.terminal) };
}

/** Two small sites that have something in common, for the platforms that do not indent.
 *  @param rules - how many they may have */
export const smallSites = (rules: number): fc.Arbitrary<readonly [AbstractSite, AbstractSite]> =>
  fc
    .tuple(
      abstractSite,
      abstractSite,
      fc.array(fc.nat(99), { minLength: 8, maxLength: 8 }),
      fc.integer({ min: 0, max: rules }),
    )
    .map(([one, two, picks, most]) => {
      const cut = (site: AbstractSite): AbstractSite => ({
        ...site,
        vlans: site.vlans.slice(0, 1),
        hosts: site.hosts.slice(0, 1),
        rules: site.rules.slice(0, most),
        routes: site.routes.slice(0, 1),
        ports: [],
      });
      const first = cut(one);
      const second = cut(two);
      const from = (i: number) => ((picks[i] ?? 0) % 2 === 0 ? first : second);
      const hosts = from(0).hosts;
      const known = new Set(hosts.map((host) => host.name));
      const taken = from(1).rules.map((rule) => ({
        ...rule,
        from: known.has(rule.from) ? rule.from : "any",
      }));
      const named = new Set(first.hosts.map((host) => host.name));
      return [
        {
          ...first,
          rules: first.rules.map((rule) => ({ ...rule, from: named.has(rule.from) ? rule.from : "any" })),
        },
        { vlans: from(2).vlans, hosts, rules: taken, routes: from(3).routes, ports: [], name: from(4).name },
      ] as const;
    });
