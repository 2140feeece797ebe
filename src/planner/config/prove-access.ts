import { parseAddress } from "../../model/address.ts";
import { testPacket } from "../flows/test-packet.ts";
import type { Packet } from "../flows/types.ts";
import type { AccessModel, Dialect } from "./dialect.ts";
import type { FilterReader, FilterView } from "./filter-reader.ts";
import type { Operation } from "./operation.ts";
import { junosLegs } from "./prove-access-junos.ts";
import { referenceName } from "./references.ts";
import type { Block, Statement } from "./state.ts";
import { maskOfLength } from "./words.ts";

/** One thing that a management session needs, by name. */
export type Legs = ReadonlyMap<string, boolean>;

/** Reads what a management session needs from a state: lines that take SSH and admit the address, a user,
 *  the interface, filter and route that the session comes by.
 *  @param management - IPv4 address that the session comes from; without it only what needs no address is read
 *  @param everyWay - read the way by a route too where a direct one stands: nothing of an end rests on it, but a session
 *  that came by it goes on */
export function accessLegs(
  dialect: Dialect,
  reader: FilterReader,
  state: Block,
  management: string | undefined,
  everyWay = false,
): Legs {
  if (dialect.layout === "braces") return junosLegs(dialect, state, management);
  const model = dialect.access;
  const legs = new Map<string, boolean>();
  if (!model) return legs;
  const from = management === undefined ? undefined : ipv4(management);
  let known: FilterView | undefined;
  const view = () => {
    known ??= reader.view(state);
    return known;
  };
  const lists: Lists = { dialect, reader, view };
  for (const [slot, statement] of state.items) {
    if (statement.block && model.terminal.test(slot)) {
      readTerminal(model, slot, statement.block, lists, from, legs);
    }
  }
  legs.set(
    "an SSH server runs",
    model.services.length === 0 || model.services.some((line) => hasLine(state, line)),
  );
  if (from !== undefined && model.serverFilter) {
    legs.set(
      "the SSH server admits the address",
      admits(textOf(state, model.serverFilter), lists, from, undefined),
    );
  }
  legs.set("a user may log in", hasUser(model, state));
  if (model.service) legs.set("a user may log in by SSH", hasService(model, model.service, state));
  if (from !== undefined) readWays(model, state, lists, from, everyWay, legs);
  return legs;
}

/** The leg that a session to one address of the device stands on; undefined where no way from it to the manager stands. */
export function legAt(legs: Legs, address: string): string | undefined {
  const marker = ` ${address}${WAY}`;
  return [...legs].find(([name, stands]) => stands && name.includes(marker))?.[0];
}

/** Tells whether an interface of a state has an address, up or not; false where the platform's access is not read. */
export function holdsAddress(dialect: Dialect, state: Block, address: string): boolean {
  const model = dialect.access;
  if (model === undefined || dialect.layout === "braces") return false;
  return [...state.items].some(
    ([slot, { block }]) =>
      block !== undefined &&
      model.interface.test(slot) &&
      [...block.items.values()].some(
        (line) => !line.negated && model.address.exec(line.text)?.[1] === address,
      ),
  );
}

/** Why the way in is not proved; undefined where it is.
 *  @param legs - reads what the session needs of the running configuration */
export function accessGap(
  dialect: Dialect,
  management: string | undefined,
  legs: () => Legs,
): string | undefined {
  if (management === undefined) return "no address was given";
  if (dialect.layout !== "braces" && !dialect.access) return "it is not known how this platform is managed";
  if (parseAddress(management)?.version !== 4) return "only IPv4 addresses are followed";
  if (dialect.layout === "braces" || [...legs().keys()].some((name) => name.includes(WAY))) return undefined;
  return `no interface and no static route of the running configuration leads to ${management}`;
}

const WAY = " reaches the manager";

/** Tells whether a step can change one of the legs. Ways and filters are legs only where the address is known. */
export function concernsAccess(
  dialect: Dialect,
  operation: Operation,
  management: string | undefined,
): boolean {
  const model = dialect.access;
  if (!model) return false;
  const top = operation.path[0]?.slot ?? operation.slot;
  if (model.terminal.test(top) || top === model.user.block) return true;
  if (model.user.block === undefined && model.user.line.test(top)) return true;
  if ([...model.services, model.user.line].some((line) => line.test(operation.text))) return true;
  if (management === undefined) return false;
  if (model.interface.test(top) || operation.touches.length > 0) return true;
  if (model.serverFilter?.test(operation.text)) return true;
  const filters = dialect.filterBindings ?? [];
  const isFilter = (name: string) => filters.some((binding) => name.startsWith(`${binding.namespace}:`));
  if (operation.undefines.some(isFilter) || operation.defines.some(isFilter)) return true;
  return model.route.test(operation.text) || model.gateway?.test(operation.text) === true;
}

function hasLine(state: Block, pattern: RegExp): boolean {
  for (const statement of state.items.values())
    if (!statement.negated && pattern.test(statement.text)) return true;
  return false;
}

function hasUser(model: AccessModel, state: Block): boolean {
  const block = model.user.block === undefined ? state : state.items.get(model.user.block)?.block;
  return block !== undefined && hasLine(block, model.user.line);
}

/** A line of a user's that lets sessions in: beside the user, or in the user's own block. */
function hasService(model: AccessModel, service: RegExp, state: Block): boolean {
  const beside = model.user.block === undefined ? undefined : state.items.get(model.user.block)?.block;
  if (beside) return hasLine(beside, service);
  return [...state.items].some(
    ([slot, { block }]) => block !== undefined && model.user.line.test(slot) && hasLine(block, service),
  );
}

interface Lists {
  readonly dialect: Dialect;
  readonly reader: FilterReader;
  /** Read at the first filter: most interfaces have none. */
  readonly view: () => FilterView;
}

function readTerminal(
  model: AccessModel,
  slot: string,
  block: Block,
  lists: Lists,
  from: bigint | undefined,
  legs: Map<string, boolean>,
): void {
  const transport = textOf(block, model.transport);
  legs.set(`${slot} takes SSH`, transport === undefined || model.secureTransport.test(transport));
  const filter = textOf(block, model.terminalFilter);
  if (from !== undefined) legs.set(`${slot} admits the address`, admits(filter, lists, from, undefined));
  for (const [name, inner] of block.items)
    if (inner.block) readTerminal(model, `${slot}, ${name}`, inner.block, lists, from, legs);
}

/** Group 1 of the first line that matches. */
function textOf(block: Block, pattern: RegExp): string | undefined {
  for (const statement of block.items.values()) {
    const match = statement.negated ? undefined : pattern.exec(statement.text);
    if (match) return match.slice(1).find((group) => group !== undefined) ?? "";
  }
  return undefined;
}

/** A session to the device: TCP port 22; where the address of the device is not known, any will do for a line's filter. */
function admits(filter: string | undefined, lists: Lists, from: bigint, to: bigint | undefined): boolean {
  if (filter === undefined) return true;
  const { dialect, reader, view } = lists;
  const forwards = to !== undefined && dialect.filters?.entries === "huawei";
  const list = reader.filter(referenceName(dialect, "acl", filter), view(), forwards ? "permit" : "deny");
  const packet: Packet = {
    family: 4,
    src: from,
    dst: to ?? 0n,
    protocol: 6,
    srcPort: 50000,
    dstPort: 22,
    state: "new",
    tcpFlags: 2,
  };
  const answer = testPacket(list, packet);
  return answer.verdict === "permit" && answer.certain;
}

interface Leg3 {
  readonly name: string;
  readonly address: bigint;
  readonly mask: bigint;
  readonly open: boolean;
}

/** For each address of the device that the session may go to: whether a way from it to the manager stands. */
function readWays(
  model: AccessModel,
  state: Block,
  lists: Lists,
  from: bigint,
  everyWay: boolean,
  legs: Map<string, boolean>,
): void {
  const interfaces: Leg3[] = [];
  for (const [slot, statement] of state.items) {
    if (statement.block && model.interface.test(slot)) {
      interfaces.push(...readInterface(model, slot, statement.block, lists, from));
    }
  }
  const direct = interfaces.filter((leg) => (leg.address & leg.mask) === (from & leg.mask));
  for (const leg of direct) legs.set(`${leg.name}${WAY}`, leg.open);
  if (!everyWay && direct.some((leg) => leg.open)) return;
  const hop = nextHop(model, state, from);
  const gateway =
    hop === undefined ? undefined : interfaces.find((leg) => (leg.address & leg.mask) === (hop & leg.mask));
  if (gateway) legs.set(`${gateway.name}${WAY} by a route`, gateway.open);
}

function readInterface(model: AccessModel, slot: string, block: Block, lists: Lists, from: bigint): Leg3[] {
  const result: Leg3[] = [];
  const down = [...block.items.values()].some((line) => !line.negated && model.down.test(line.text));
  const filter = textOf(block, model.filterIn);
  for (const line of block.items.values()) {
    const match = line.negated ? undefined : model.address.exec(line.text);
    const address = ipv4(match?.[1] ?? "");
    const mask = maskOf(match?.[2] ?? "");
    if (address === undefined || mask === undefined) continue;
    result.push({
      name: `${slot} ${match?.[1] ?? ""}`,
      address,
      mask,
      open: !down && admits(filter, lists, from, address),
    });
  }
  return result;
}

/** A mask as typed, or by its length. */
function maskOf(text: string): bigint | undefined {
  return ipv4(/^\d{1,2}$/.test(text) ? maskOfLength(Math.min(32, Number(text))) : text);
}

/** The next hop of the longest static route to an address. */
function nextHop(model: AccessModel, state: Block, to: bigint): bigint | undefined {
  let best: { mask: bigint; hop: bigint } | undefined;
  for (const statement of state.items.values()) {
    const route = statement.negated ? undefined : readRoute(model, statement);
    if (!route || (to & route.mask) !== route.prefix) continue;
    if (!best || route.mask > best.mask) best = route;
  }
  return best?.hop;
}

function readRoute(
  model: AccessModel,
  statement: Statement,
): { prefix: bigint; mask: bigint; hop: bigint } | undefined {
  const gateway = ipv4(model.gateway?.exec(statement.text)?.[1] ?? "");
  if (gateway !== undefined) return { prefix: 0n, mask: 0n, hop: gateway };
  const match = model.route.exec(statement.text);
  const prefix = ipv4(match?.[1] ?? "");
  const mask = maskOf(match?.[2] ?? "");
  const hop = ipv4(match?.[3] ?? "");
  if (prefix === undefined || mask === undefined || hop === undefined) return undefined;
  return { prefix: prefix & mask, mask, hop };
}

function ipv4(text: string): bigint | undefined {
  const address = parseAddress(text);
  return address?.version === 4 ? address.value : undefined;
}
