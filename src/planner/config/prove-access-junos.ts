import { parseAddress, parseInterfaceAddress } from "../../model/address.ts";
import { junosFilters } from "../filters/junos-filters.ts";
import { testPacket } from "../flows/test-packet.ts";
import type { FilterList, Packet } from "../flows/types.ts";
import { compileDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import { spellState } from "./spell-state.ts";
import type { Block } from "./state.ts";

/** What a management session needs of a Junos device: SSH, a user, and an address with its filters, its zone and the route
 *  back. The commit is one moment, so only the state before and the state after are asked.
 *  @param management - IPv4 address that the session comes from; without it only what needs no address is read */
export function junosLegs(
  dialect: Dialect,
  state: Block,
  management: string | undefined,
): Map<string, boolean> {
  const legs = new Map<string, boolean>();
  const services = below(state, "system", "services");
  legs.set("an SSH server runs", has(services, /^ssh$/) || has(below(services, "netconf"), /^ssh$/));
  const login = has(below(state, "system", "login"), /^user /) || has(below(state, "system"), /^root-auth/);
  legs.set("a user may log in", login);
  const address = management === undefined ? undefined : parseAddress(management);
  if (address?.version === 4) readWays(dialect, state, address.value, legs);
  return legs;
}

interface Way {
  readonly unit: string;
  readonly address: bigint;
  readonly base: bigint;
  readonly length: number;
  readonly open: boolean;
}

function readWays(dialect: Dialect, state: Block, from: bigint, legs: Map<string, boolean>): void {
  const ways = waysOf(dialect, state, from);
  const direct = ways.filter((way) => covers(way, from));
  for (const way of direct) legs.set(`${way.unit} reaches the manager`, way.open);
  if (direct.some((way) => way.open)) return;
  const hop = nextHop(state, from);
  const gateway = hop === undefined ? undefined : ways.find((way) => covers(way, hop));
  if (gateway) legs.set(`${gateway.unit} reaches the manager by a route`, gateway.open);
}

function waysOf(dialect: Dialect, state: Block, from: bigint): Way[] {
  const names = ["firewall", "policy-options"];
  const items = new Map([...state.items].filter(([slot]) => names.includes(slot)));
  const lists = new Map(
    junosFilters(spellState(compileDialect(dialect), { ...state, items }))
      .filter((filter) => filter.family === 4)
      .map((filter) => [filter.name, filter.list] as const),
  );
  const loopback = filtersOf(below(state, "interfaces", "lo0", "unit 0", "family inet"));
  const ways: Way[] = [];
  for (const [port, held] of below(state, "interfaces")?.items ?? []) {
    for (const [slot, unit] of held.block?.items ?? []) {
      if (!slot.startsWith("unit ") || !unit.block) continue;
      const name = `${port}.${slot.slice(5)}`;
      const inet = below(unit.block, "family inet");
      const up = !has(held.block, /^disable$/) && !has(unit.block, /^disable$/);
      for (const text of inet?.items.keys() ?? []) {
        const read = /^address (\S+)$/.exec(text)?.[1];
        const own = read === undefined ? undefined : parseInterfaceAddress(read);
        if (own?.address.version !== 4) continue;
        const to = own.address.value;
        const passes = [filtersOf(inet), loopback].every((filters) => admits(filters, lists, from, to));
        const open = up && passes && zoneTakes(state, port, name);
        ways.push({
          unit: `${name} ${read}`,
          address: to,
          base: own.prefix.base,
          length: own.prefix.length,
          open,
        });
      }
    }
  }
  return ways;
}

/** Input filters of a unit, in order. */
function filtersOf(inet: Block | undefined): readonly string[] {
  for (const statement of below(inet, "filter")?.items.values() ?? []) {
    const found = /^input(?:-list)? (.*)$/.exec(statement.text)?.[1];
    if (found !== undefined) return found.split(" ").filter((word) => word !== "[" && word !== "]");
  }
  return [];
}

/** Filters of a list are asked one after the other; what none names is dropped. */
function admits(
  names: readonly string[],
  lists: ReadonlyMap<string, FilterList>,
  from: bigint,
  to: bigint,
): boolean {
  if (names.length === 0) return true;
  const rules = names.flatMap((name) =>
    (lists.get(name)?.rules ?? []).map((rule) => ({ ...rule, id: `${name} ${rule.id}` })),
  );
  const packet: Packet = {
    family: 4,
    src: from,
    dst: to,
    protocol: 6,
    srcPort: 50000,
    dstPort: 22,
    state: "new",
    tcpFlags: 2,
  };
  const answer = testPacket({ rules, defaultAction: "deny" }, packet);
  return answer.verdict === "permit" && answer.certain;
}

/** A firewall takes SSH where the zone of the interface says so; what the interface says there counts first. */
function zoneTakes(state: Block, port: string, unit: string): boolean {
  const zones = below(state, "security", "zones");
  if (!zones || /^(?:fxp|em|me|vme)\d*$/.test(port)) return true;
  for (const zone of zones.items.values()) {
    const member = below(zone.block, "interfaces")?.items.get(unit);
    if (!member) continue;
    const own = below(member.block, "host-inbound-traffic");
    const services = below(own ?? below(zone.block, "host-inbound-traffic"), "system-services");
    return has(services, /^(?:ssh|all|any-service)$/);
  }
  return false;
}

/** The next hop of the longest static route to an address. */
function nextHop(state: Block, to: bigint): bigint | undefined {
  let best: { readonly length: number; readonly hop: bigint } | undefined;
  for (const [slot, route] of below(state, "routing-options", "static")?.items ?? []) {
    const prefix = parseInterfaceAddress(/^route (\S+)/.exec(slot)?.[1] ?? "")?.prefix;
    if (prefix?.version !== 4 || !covers(prefix, to)) continue;
    const hops = [...(route.block?.items.values() ?? [])].map(
      (line) => /^next-hop (\S+)/.exec(line.text)?.[1],
    );
    const hop = parseAddress(hops.find((text) => text !== undefined) ?? "");
    if (hop?.version === 4 && (!best || prefix.length > best.length))
      best = { length: prefix.length, hop: hop.value };
  }
  return best?.hop;
}

function covers(
  { base, length }: { readonly base: bigint; readonly length: number },
  address: bigint,
): boolean {
  const bits = BigInt(32 - length);
  return base >> bits === address >> bits;
}

function below(block: Block | undefined, ...slots: readonly string[]): Block | undefined {
  let at = block;
  for (const slot of slots) at = at?.items.get(slot)?.block;
  return at;
}

function has(block: Block | undefined, pattern: RegExp): boolean {
  return [...(block?.items.values() ?? [])].some(
    (statement) => !statement.negated && pattern.test(statement.slot),
  );
}
