import type { DeviceIntent, FilterIntent, GatewayIntent } from "../../../model/intent.ts";
import type { Network, Site } from "../../../model/site.ts";
import { listRegion } from "../../flows/compare.ts";
import { packetWords } from "../../flows/packet-words.ts";
import { intersection, isSubset, matching, minus, permitted } from "../../flows/region.ts";
import type { AddressRange, FilterList, Match } from "../../flows/types.ts";
import { entryMatches } from "../../policy/matches.ts";
import { rangeOf } from "../../policy/zones.ts";
import { defineCheck } from "../define.ts";
import { indexOf } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

interface Guarded {
  readonly gateway: GatewayIntent;
  readonly filter: FilterIntent;
  readonly inside: readonly AddressRange[];
}

const rangesOf = (texts: readonly (string | undefined)[]): AddressRange[] =>
  texts.flatMap((text) => (text === undefined ? [] : (rangeOf(text) ?? [])));

function insideOf(network: Network | undefined): AddressRange[] {
  return network === undefined ? [] : rangesOf([network.ipv4, network.ipv6, ...network.secondary]);
}

function guardedOf(site: Site, device: DeviceIntent): Guarded[] {
  return device.gateways.flatMap((gateway) => {
    const filter = device.filters.find((each) => each.name === gateway.filterIn);
    const inside = insideOf(indexOf(site).networks.get(gateway.network));
    return filter === undefined || inside.length === 0 ? [] : [{ gateway, filter, inside }];
  });
}

const TCP = { lo: 6, hi: 6 };
const UDP = { lo: 17, hi: 17 };
const FAMILIES = [4, 6] as const;

/** What a stateless filter lets in from its own network. */
function filterList({ filter }: Guarded): FilterList {
  return {
    defaultAction: filter.default,
    rules: filter.entries.map((entry) => ({
      id: entry.id,
      action: entry.action,
      exact: true,
      matches: entryMatches(
        entry,
        entry.source.length === 0 ? undefined : rangesOf(entry.source),
        entry.destination.length === 0 ? undefined : rangesOf(entry.destination),
      ),
    })),
  };
}

/** The device's own addresses: it sends and answers by itself, past the filters on what comes in. */
function ownTraffic(device: DeviceIntent): Match[] {
  const own = device.gateways.flatMap((gateway) =>
    [...gateway.addresses, gateway.vrrp?.address, gateway.vrrp?.address6].map((text) => text?.split("/")[0]),
  );
  return FAMILIES.flatMap((family): Match[] => {
    const ranges = rangesOf(own).filter((range) => range.family === family);
    return ranges.length === 0
      ? []
      : [
          { family, dst: ranges },
          { family, src: ranges },
        ];
  });
}

/** What `near` lets go to `far`, earlier denies taken out, as it comes back: ends and ports swapped, connection open. */
function answers(device: DeviceIntent, near: Guarded, far: Guarded): Match[] {
  const opening = [TCP, UDP].flatMap((protocols) =>
    FAMILIES.map(
      (family): Match => ({
        family,
        protocols: [protocols],
        src: near.inside.filter((range) => range.family === family),
        dst: far.inside.filter((range) => range.family === family),
        states: ["new"],
      }),
    ),
  );
  const through = minus(matching(opening), matching(ownTraffic(device)));
  const { flows } = listRegion(intersection(through, permitted(filterList(near))));
  return flows.map(({ box }) => ({
    family: box.family,
    protocols: [box.protocols],
    src: [box.dst],
    dst: [box.src],
    srcPorts: [box.dstPorts],
    dstPorts: [box.srcPorts],
    states: ["established"],
  }));
}

function checkPair(device: DeviceIntent, near: Guarded, far: Guarded): Problem[] {
  const wanted = answers(device, near, far);
  if (wanted.length === 0) return [];
  const proof = isSubset(matching(wanted), permitted(filterList(far)));
  if (proof.verdict === "proved") return [];
  const packet = proof.witness && packetWords(proof.witness);
  return [
    {
      where: far.gateway.origin,
      message: `${device.name}: answers from ${far.gateway.network} to ${near.gateway.network} are dropped: ${packet ?? "undecided"}`,
      hint: `let ${far.filter.name} permit established connections to ${near.gateway.network}`,
      related: [near.gateway.origin],
    },
  ];
}

/** Where a filter keeps no state, answers need a rule of their own. */
export const rul018 = defineCheck({
  id: "RUL-018",
  severity: "error",
  title: { en: "Answers come back through stateless filters", zh: "无状态 ACL 的返回流量可通" },
  rationale: {
    en: "An access list sees single packets; a flow that is opened one way only works one way.",
    zh: "ACL 只看单个报文，只放一个方向的业务实际不通。",
  },
  mend: {
    en: "Let the returning filter permit `established` traffic of the same ports; compiled filters do so.",
    zh: "返回方向的过滤须放行相同端口的 established 流量；编译生成的过滤已包含。",
  },
  find: (site) =>
    site.devices.flatMap((device) => {
      if (device.firewall !== undefined || device.filters.length === 0) return [];
      const guarded = guardedOf(site, device);
      return guarded.flatMap((near) =>
        guarded.filter((far) => far !== near).flatMap((far) => checkPair(device, near, far)),
      );
    }),
});
