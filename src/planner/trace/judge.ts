import type { DeviceIntent, GatewayIntent } from "../../model/intent.ts";
import { interfaceNumber } from "../filters/interfaces.ts";
import type { ExtractedFilter } from "../filters/types.ts";
import { testPacket } from "../flows/test-packet.ts";
import type { Packet } from "../flows/types.ts";
import { vlanOf } from "../policy/places.ts";
import type { RenderedFilters } from "../policy/rendered.ts";
import type { Hop, TraceVerdict } from "./types.ts";

/** What one filter says of a packet, and by which line. */
export type FilterHop = Pick<Hop, "verdict" | "text" | "where" | "rendered" | "drop">;

/** Between which interfaces a packet crosses a device. */
export interface Crossing {
  readonly iif: string | undefined;
  readonly oif: string | undefined;
}

/** Asks the forwarding filters of a firewall, as they are rendered. */
export function askFirewall(
  device: DeviceIntent,
  rendered: RenderedFilters | undefined,
  packet: Packet,
  crossing: Crossing,
): FilterHop[] {
  return askHook(device, rendered, packet, crossing, "forward");
}

/** Asks what a device lets in for itself. */
export function askInput(
  device: DeviceIntent,
  rendered: RenderedFilters | undefined,
  packet: Packet,
  iif: string | undefined,
): FilterHop[] {
  if (device.firewall !== undefined)
    return askHook(device, rendered, packet, { iif, oif: undefined }, "input");
  const login = packet.protocol === 6 && (packet.dstPort === 22 || packet.dstPort === 23);
  const local = rendered?.filters.filter((filter) =>
    filter.bindings.some(({ direction }) => direction === "local"),
  );
  const own = local?.filter((filter) => filter.family === undefined || filter.family === packet.family) ?? [];
  if (login && own.length > 0) return own.map((filter) => ask(filter, rendered, packet, {}));
  return [{ verdict: "unknown", text: `what ${device.name} itself answers to here is not modelled` }];
}

/** Asks the lists on a switch's gateway. A gateway without a list lets everything through. */
export function askGateway(
  rendered: RenderedFilters | undefined,
  packet: Packet,
  gateway: GatewayIntent,
  direction: "in" | "out",
): FilterHop[] {
  const bound = (rendered?.filters ?? []).filter(
    ({ family, bindings }) =>
      (family === undefined || family === packet.family) &&
      bindings.some((at) => at.direction === direction && vlanOf(at.place) === gateway.vlan),
  );
  return bound.map((filter) => ask(filter, rendered, packet, {}));
}

function askHook(
  device: DeviceIntent,
  rendered: RenderedFilters | undefined,
  packet: Packet,
  { iif, oif }: Crossing,
  hook: "forward" | "input",
): FilterHop[] {
  const filters = rendered?.filters.filter((filter) => filter.hook?.name === hook) ?? [];
  if (filters.length === 0)
    return [{ verdict: "unknown", text: `the ${hook} filter of ${device.name} cannot be read` }];
  const unplaced = iif === undefined || (hook === "forward" && oif === undefined);
  if (unplaced)
    return [{ verdict: "unknown", text: `the inventory does not tell ${device.name}'s interface` }];
  return filters.map((filter) =>
    ask(filter, rendered, packet, {
      ingress: interfaceNumber(filter, iif),
      ...(oif === undefined ? {} : { egress: interfaceNumber(filter, oif) }),
    }),
  );
}

function ask(
  filter: ExtractedFilter,
  rendered: RenderedFilters | undefined,
  packet: Packet,
  interfaces: Pick<Packet, "ingress" | "egress">,
): FilterHop {
  const answer = testPacket(filter.list, { ...packet, ...interfaces });
  const line =
    (answer.rule === undefined ? undefined : filter.lines.get(answer.rule.replace(/ .*$/, ""))) ??
    filter.defaultLine;
  const where = line && rendered?.originOf(line.line);
  const verdict: TraceVerdict = answer.certain ? answer.verdict : "unknown";
  const by = answer.implicit || line === undefined ? "no rule matches" : nameOf(line.text);
  return {
    verdict,
    text: `${filter.name}: ${by}: ${verdict}`,
    ...(where ? { where } : {}),
    ...(line ? { rendered: { line: line.line, text: line.text } } : {}),
    ...(verdict === "deny" ? { drop: "filter" as const } : {}),
  };
}

function nameOf(text: string): string {
  return /comment "([^"]+)"/.exec(text)?.[1] ?? text;
}
