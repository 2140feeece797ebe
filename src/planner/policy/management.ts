import type { Finding } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import type { ExtractedFilter } from "../filters/types.ts";
import { packetWords } from "../flows/packet-words.ts";
import { intersection, isSubset, matching, permitted } from "../flows/region.ts";
import { testPacket } from "../flows/test-packet.ts";
import type { AddressRange, FlowOptions, Match, Packet, Range } from "../flows/types.ts";
import type { RenderedFilters } from "./rendered.ts";
import { rangeOf } from "./zones.ts";

/** Where a person logs in: SSH, Telnet, the pages of a device. */
const LOGIN_PORTS: readonly Range[] = [22, 23, 80, 443].map((port) => ({ lo: port, hi: port }));
const TCP: Range = { lo: 6, hi: 6 };
const ANY_INTERFACE = 65_535;

/** Proves over what is rendered that a login prompt of a device answers to its managers only (MGT-002), or shows the
 *  packet and the line that lets it in. Devices whose filters for themselves cannot be read are left to the catalogue. */
export function checkManagement(
  site: Site,
  rendered: ReadonlyMap<string, RenderedFilters>,
  options: FlowOptions = {},
): Finding[] {
  return site.devices.flatMap((device) => {
    const filters = rendered.get(device.id);
    if (filters === undefined || device.management.allowedFrom.length === 0) return [];
    return filters.filters.filter(guardsLogin).flatMap((filter) => check(device, filters, filter, options));
  });
}

/** A list on a terminal line, or the chain for what comes to the device itself. */
function guardsLogin({ bindings, hook }: ExtractedFilter): boolean {
  return hook?.name === "input" || bindings.some(({ direction }) => direction === "local");
}

function check(
  device: DeviceIntent,
  rendered: RenderedFilters,
  filter: ExtractedFilter,
  options: FlowOptions,
): Finding[] {
  const managers = rangesOf(device.management.allowedFrom);
  const login = matching(logins(device, filter));
  const reached = intersection(permitted(filter.list), login);
  const proof = isSubset(reached, matching(byFamily(managers, "src")), options);
  if (proof.verdict === "proved") return [];
  const { witness } = proof;
  const place = witness && lineOf(filter, witness);
  const packet = witness === undefined ? (proof.reason ?? "undecided") : packetWords(witness);
  const by = place === undefined ? `the default of ${filter.name}` : `rendered line ${place.line}`;
  return [
    {
      code: "MGT-002",
      severity: "error",
      message: `${device.name}: ${by} lets more than its managers log in: ${packet}`,
      hint: `only ${device.management.allowedFrom.join(", ")} may reach SSH, Telnet and web pages of ${device.name}`,
      where: (place && rendered.originOf(place.line)) ?? device.origin,
      related: [device.origin],
    },
  ];
}

/** Packets that open a login on one of the device's own addresses, not by its loopback. */
function logins(device: DeviceIntent, { interfaces }: ExtractedFilter): Match[] {
  const texts = [...device.gateways, ...device.interfaces].flatMap(({ addresses }) => addresses);
  const own = rangesOf([...texts.map((text) => text.split("/")[0] ?? ""), device.management.address]);
  const loopback = interfaces.indexOf("lo") + 1;
  const ingress: Range[] =
    loopback === 0
      ? [{ lo: 0, hi: ANY_INTERFACE }]
      : [
          { lo: 0, hi: loopback - 1 },
          { lo: loopback + 1, hi: ANY_INTERFACE },
        ];
  return byFamily(own, "dst").map((match) => ({
    ...match,
    protocols: [TCP],
    dstPorts: LOGIN_PORTS,
    states: ["new"],
    ingress,
  }));
}

function byFamily(ranges: readonly AddressRange[], side: "src" | "dst"): Match[] {
  return ([4, 6] as const).flatMap((family) => {
    const own = ranges.filter((range) => range.family === family);
    return own.length === 0 ? [] : [{ family, [side]: own }];
  });
}

function rangesOf(texts: readonly string[]): AddressRange[] {
  return texts.map(rangeOf).filter((range) => range !== undefined);
}

function lineOf(filter: ExtractedFilter, packet: Packet) {
  const { rule } = testPacket(filter.list, packet);
  return rule === undefined ? filter.defaultLine : filter.lines.get(rule.replace(/ .*$/, ""));
}
