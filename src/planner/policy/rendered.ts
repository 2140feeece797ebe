import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import { intersectMatch } from "../filters/predicate.ts";
import type { ExtractedFilter } from "../filters/types.ts";
import { establishedFlags } from "../flows/tcp-flags.ts";
import type { AddressRange, FilterList, FilterRule, Match, Range } from "../flows/types.ts";
import type { Enforcement } from "./enforcement.ts";
import { type Placement, placementsOf } from "./placements.ts";
import { vlanOf } from "./places.ts";
import { rangeOf, type ZonePartition } from "./zones.ts";

/** The packet filters that a device's rendered configuration holds, and where its lines come from. */
export interface RenderedFilters {
  readonly filters: readonly ExtractedFilter[];
  /** By line of the configuration, from 1. */
  readonly originOf: (line: number) => FileWhere | undefined;
}

/** Takes what a device lets through from its rendered configuration instead of from the intent, so that a fault of a
 *  template is found too. Interfaces become the addresses of the networks behind them.
 *  @returns the enforcement as it was where the configuration holds no filter that could be proved over */
export function fromRendered(
  site: Site,
  partition: ZonePartition,
  enforcement: Enforcement,
  rendered: RenderedFilters | undefined,
): Enforcement {
  if (rendered === undefined || enforcement.kind === "open") return enforcement;
  const forwarding = rendered.filters.filter((filter) => filter.hook?.name === "forward");
  const [only] = forwarding;
  if (enforcement.kind === "firewall" && only !== undefined && forwarding.length === 1) {
    const placements = placementsOf(site, partition, enforcement.device, only.interfaces);
    const tracked = !rendered.filters.some(({ notes }) =>
      notes.some(({ message }) => message.startsWith("notrack")),
    );
    return named(
      enforcement,
      rendered,
      [{ filter: only, rules: byAddress(tracked ? trackedOnly(only.list) : only.list, placements) }],
      only.list.defaultAction,
    );
  }
  if (enforcement.kind !== "filters") return enforcement;
  return named(enforcement, rendered, boundLists(site, enforcement.device, rendered.filters), "permit");
}

interface Part {
  readonly filter: ExtractedFilter;
  readonly rules: readonly FilterRule[];
}

/** Gives rules names that a reader knows: the id in the rule's comment, and the line. */
function named(
  enforcement: Enforcement,
  rendered: RenderedFilters,
  parts: readonly Part[],
  defaultAction: FilterList["defaultAction"],
): Enforcement {
  const origins = new Map<string, FileWhere>();
  const used = new Map<string, number>();
  const rules = parts.flatMap(({ filter, rules: own }) =>
    own.map((rule) => {
      const at = filter.lines.get(rule.id.replace(/ .*$/, ""));
      const name = at === undefined ? `${filter.name}, implied` : nameOf(at.text, at.line);
      const count = (used.get(name) ?? 0) + 1;
      used.set(name, count);
      const id = count === 1 ? name : `${name}, way ${count}`;
      const origin = at && rendered.originOf(at.line);
      if (origin) origins.set(id, origin);
      return { ...rule, id };
    }),
  );
  return { ...enforcement, filter: { rules, defaultAction }, origins };
}

function nameOf(text: string, line: number): string {
  const comment = /comment "([^" ]+)/.exec(text)?.[1];
  return comment === undefined ? `rendered line ${line}` : `${comment} (rendered line ${line})`;
}

/** Where nothing says `notrack`, every packet has a place in the connection table. */
function trackedOnly(list: FilterList): FilterList {
  const states: Match["states"] = ["new", "established", "related", "invalid"];
  const narrow = (match: Match): Match => (match.states === undefined ? { ...match, states } : match);
  return { ...list, rules: list.rules.map((rule) => ({ ...rule, matches: rule.matches.map(narrow) })) };
}

/** Spells interfaces as the addresses behind them. Where an address may come by several interfaces and the rule means
 *  only some of these, it may match. */
function byAddress(list: FilterList, placements: readonly Placement[]): FilterRule[] {
  return list.rules.flatMap((rule) => {
    const sure: Match[] = [];
    const unsure: Match[] = [];
    for (const match of rule.matches) place(match, placements, sure, unsure);
    const split = unsure.length > 0;
    const exact = { ...rule, id: rule.id, matches: sure };
    if (!split) return [exact];
    const words = [rule.condition, `interface of line ${rule.id}`]
      .filter((text) => text !== undefined)
      .join(" and ");
    return [
      exact,
      { id: `${rule.id} unsure`, action: rule.action, matches: unsure, exact: false, condition: words },
    ];
  });
}

function place(match: Match, placements: readonly Placement[], sure: Match[], unsure: Match[]): void {
  const { ingress, egress, ...rest } = match;
  const from = ingress === undefined ? undefined : behind(ingress, placements);
  const to = egress === undefined ? undefined : behind(egress, placements);
  const push = (
    src: readonly AddressRange[] | undefined,
    dst: readonly AddressRange[] | undefined,
    into: Match[],
  ): void => {
    if (src?.length === 0 || dst?.length === 0) return;
    for (const family of [4, 6] as const) {
      const own = (ranges: readonly AddressRange[] | undefined) =>
        ranges?.filter((range) => range.family === family);
      const [s, d] = [own(src), own(dst)];
      if (s?.length === 0 || d?.length === 0) continue;
      const bounded = intersectMatch(rest, {
        ...(s === undefined && d === undefined ? {} : { family }),
        ...(s ? { src: s } : {}),
        ...(d ? { dst: d } : {}),
      });
      if (bounded !== undefined) into.push(bounded);
      if (s === undefined && d === undefined) return;
    }
  };
  push(from?.sure, to?.sure, sure);
  if (from === undefined && to === undefined) return;
  push(from?.unsure, to && [...to.sure, ...to.unsure], from === undefined ? [] : unsure);
  push(from?.sure, to?.unsure, to === undefined ? [] : unsure);
}

function behind(
  numbers: readonly Range[],
  placements: readonly Placement[],
): { sure: AddressRange[]; unsure: AddressRange[] } {
  const sure: AddressRange[] = [];
  const unsure: AddressRange[] = [];
  for (const { range, numbers: owners } of placements) {
    const inside = owners.filter((number) => numbers.some(({ lo, hi }) => lo <= number && number <= hi));
    if (inside.length === 0) continue;
    (inside.length === owners.length ? sure : unsure).push(range);
  }
  return { sure, unsure };
}

/** The stateless lists on a switch's gateways, each limited to what comes in from its own network. */
function boundLists(site: Site, device: DeviceIntent, filters: readonly ExtractedFilter[]): Part[] {
  return device.gateways.flatMap((gateway) => {
    const network = site.networks.find((each) => each.name === gateway.network);
    const inside = [network?.ipv4, network?.ipv6, ...(network?.secondary ?? [])]
      .flatMap((text) => (text === undefined ? [] : [rangeOf(text)]))
      .filter((range) => range !== undefined);
    const bound = filters.filter((filter) =>
      filter.bindings.some(
        ({ place: where, direction }) => direction === "in" && vlanOf(where) === gateway.vlan,
      ),
    );
    return bound.map((filter) => ({ filter, rules: withinNetwork(filter, inside) }));
  });
}

function withinNetwork(filter: ExtractedFilter, inside: readonly AddressRange[]): FilterRule[] {
  const own = inside.filter((range) => filter.family === undefined || range.family === filter.family);
  const bounds = ([4, 6] as const).flatMap((family) => {
    const src = own.filter((range) => range.family === family);
    return src.length === 0 ? [] : [{ family, src }];
  });
  const clip = (matches: readonly Match[]) =>
    matches.flatMap((match) => bounds.flatMap((bound) => intersectMatch(stateful(match), bound) ?? []));
  const last: FilterRule = {
    id: "default",
    action: filter.list.defaultAction,
    matches: clip([{}]),
    exact: true,
  };
  return [...filter.list.rules.map((rule) => ({ ...rule, matches: clip(rule.matches) })), last];
}

/** `established` of a stateless list stands for the packets of open connections, as the matrix means them. */
function stateful(match: Match): Match {
  const { tcpFlags, ...rest } = match;
  if (JSON.stringify(tcpFlags) !== JSON.stringify(establishedFlags)) return match;
  return { ...rest, protocols: rest.protocols ?? [{ lo: 6, hi: 6 }], states: ["established", "related"] };
}
