import type { Prefix } from "../../model/address.ts";
import {
  containsAddress,
  formatAddress,
  formatPrefix,
  lastOf,
  overlaps,
  parseAddress,
  parsePrefix,
  reservedBlockOf,
} from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { Network as NetworkEntry } from "../schema/types.gen.ts";
import type { Places } from "../shape/plain.ts";
import { settleAddress } from "./addressing.ts";
import type { NetworkDraft } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { PoolBook } from "./pools.ts";

/** What settling the networks of a site needs. */
export interface NetworkSources {
  readonly siteId: string;
  readonly networks: Readonly<Record<string, NetworkEntry>>;
  readonly places: Places;
  readonly pools: PoolBook;
  readonly findings: Findings;
}

/** Settles prefixes and gateways of a site's networks, and checks what can be told from one network alone. */
export function settleNetworks(sources: NetworkSources): Map<string, NetworkDraft> {
  const drafts = new Map<string, NetworkDraft>();
  for (const [name, data] of Object.entries(sources.networks))
    drafts.set(name, settleNetwork(name, data, sources));
  checkVlans(drafts, sources);
  return drafts;
}

function settleNetwork(name: string, data: NetworkEntry, sources: NetworkSources): NetworkDraft {
  const { places, findings } = sources;
  const at = places.key(sources.networks, name);
  const pools: string[] = [];
  const prefix4 = settlePrefix(name, data, "ipv4", sources, pools);
  const prefix6 = settlePrefix(name, data, "ipv6", sources, pools);
  const secondary: Prefix[] = [];
  (data.secondary ?? []).forEach((text, index) => {
    const where = places.value(data.secondary ?? [], index);
    const prefix = readPrefix(text, where, 4, findings);
    if (prefix) secondary.push(prefix);
  });
  const bare = {
    name,
    data,
    at,
    prefix4,
    prefix6,
    secondary,
    gateway4: undefined,
    gateway6: undefined,
    pools,
  };
  const gateway = data.gateway;
  if (!gateway || gateway.address === undefined) return bare;
  const settled = settleAddress(
    {
      address: gateway.address,
      address6: gateway.address6,
      where: places.value(gateway, "address"),
      where6: places.value(gateway, "address6"),
      what: `gateway of ${name}`,
    },
    bare,
    findings,
  );
  return { ...bare, gateway4: settled.address, gateway6: settled.address6 };
}

function settlePrefix(
  name: string,
  data: NetworkEntry,
  key: "ipv4" | "ipv6",
  sources: NetworkSources,
  pools: string[],
): Prefix | undefined {
  const written = data[key];
  if (written === undefined) return undefined;
  const where = sources.places.value(data, key);
  const version = key === "ipv4" ? 4 : 6;
  if (typeof written === "string") return readPrefix(written, where, version, sources.findings);
  pools.push(written.pool);
  return sources.pools.allocated(
    {
      pool: written.pool,
      length: written.length,
      version,
      user: `${siteOf(sources.siteId)}/${name}`,
      where,
    },
    sources.findings,
  );
}

function siteOf(id: string): string {
  return id.split("/")[1] ?? id;
}

/** Parses a prefix as written: host bits and reserved blocks are findings. */
export function readPrefix(
  text: string,
  where: FileWhere,
  version: 4 | 6,
  findings: Findings,
): Prefix | undefined {
  const parsed = parsePrefix(text);
  if (!parsed || parsed.prefix.version !== version) {
    findings.report(
      "IPP-PREFIX",
      where,
      `"${text}" is no IPv${version} prefix`,
      `write e.g. ${version === 4 ? "10.1.10.0/24" : "2001:db8:1:10::/64"}`,
    );
    return undefined;
  }
  if (parsed.hostBits) {
    findings.report(
      "IPP-HOST-BITS",
      where,
      `${text} has bits set beyond its length`,
      `write ${parsed.hostBits}`,
    );
    return parsed.prefix;
  }
  const reserved = reservedBlockOf(parsed.prefix);
  if (reserved?.use === "never") {
    findings.report(
      "IPP-006",
      where,
      `${text} lies in ${formatPrefix(reserved.prefix)}, kept for ${reserved.what}`,
      "take a private block (RFC 1918, RFC 4193) or one that the client owns",
    );
    return undefined;
  }
  if (reserved?.use === "carrier") {
    findings.report(
      "IPP-005",
      where,
      `${text} lies in 100.64.0.0/10, which carriers use towards their customers`,
      "take a private block (RFC 1918)",
      { severity: "warning" },
    );
  }
  return parsed.prefix;
}

function checkVlans(drafts: ReadonlyMap<string, NetworkDraft>, sources: NetworkSources): void {
  const byVlan = new Map<number, NetworkDraft>();
  for (const draft of drafts.values()) {
    const { vlan } = draft.data;
    if (vlan === undefined) continue;
    const where = sources.places.value(draft.data, "vlan");
    const known = byVlan.get(vlan);
    if (known) {
      sources.findings.report(
        "IPP-012",
        where,
        `VLAN ${vlan} is used by ${known.name} and by ${draft.name}`,
        "give one of them another VLAN id",
        { related: [sources.places.value(known.data, "vlan")] },
      );
      continue;
    }
    byVlan.set(vlan, draft);
    if (vlan === 1)
      sources.findings.report(
        "L2-002",
        where,
        `${draft.name} uses VLAN 1`,
        "take another VLAN: 1 is where every unconfigured port lands",
        { severity: "warning" },
      );
  }
}

/** Finds networks of one VRF whose prefixes overlap, within a site and across the sites of its client. Linear but for sorting.
 *  `own` are the networks of the site being judged; an overlap between two other sites is theirs to report. */
export function checkOverlaps(
  own: { readonly id: string; readonly networks: ReadonlyMap<string, NetworkDraft> },
  others: readonly { readonly id: string; readonly networks: ReadonlyMap<string, NetworkDraft> }[],
  places: Places,
  findings: Findings,
): void {
  interface Claim {
    readonly prefix: Prefix;
    readonly network: NetworkDraft;
    readonly site: string;
  }
  const byVrf = new Map<string, Claim[]>();
  for (const site of [own, ...others]) {
    for (const network of site.networks.values()) {
      const prefixes = [network.prefix4, network.prefix6, ...network.secondary].filter(
        (prefix) => prefix !== undefined,
      );
      for (const prefix of prefixes) {
        const key = `${network.data.vrf ?? ""} ${prefix.version}`;
        const claims = byVrf.get(key) ?? [];
        claims.push({ prefix, network, site: site.id });
        byVrf.set(key, claims);
      }
    }
  }
  for (const claims of byVrf.values()) {
    claims.sort((a, b) =>
      a.prefix.base < b.prefix.base
        ? -1
        : a.prefix.base > b.prefix.base
          ? 1
          : a.prefix.length - b.prefix.length,
    );
    // In this order a block overlaps an earlier one exactly when the widest-reaching earlier one still holds its base.
    let open: Claim | undefined;
    for (const claim of claims) {
      if (open && overlaps(open.prefix, claim.prefix)) {
        judge(open, claim);
        if (lastOf(claim.prefix).value > lastOf(open.prefix).value) open = claim;
      } else open = claim;
    }
  }
  function judge(a: Claim, b: Claim): void {
    if (a.site !== own.id && b.site !== own.id) return;
    if (a.site !== b.site && a.network.data.reuse && b.network.data.reuse) return;
    const [mine, theirs] = b.site === own.id ? [b, a] : [a, b];
    const name =
      theirs.site === own.id ? theirs.network.name : `${theirs.site.split("/")[1]}/${theirs.network.name}`;
    const where = places.value(mine.network.data, mine.prefix.version === 4 ? "ipv4" : "ipv6");
    const hint =
      a.site === b.site
        ? "give one of them another prefix, or another vrf"
        : "give one of them another prefix; if both are meant, say `reuse: true` on both";
    findings.report(
      "IPP-001",
      where,
      `${mine.network.name} (${formatPrefix(mine.prefix)}) overlaps ${name} (${formatPrefix(theirs.prefix)})`,
      hint,
      { related: [theirs.network.at] },
    );
  }
}

/** Checks a full address that stands outside any network. */
export function readOutsideAddress(
  text: string | number,
  where: FileWhere,
  what: string,
  findings: Findings,
): ReturnType<typeof parseAddress> {
  const address = typeof text === "string" ? parseAddress(text) : undefined;
  if (!address) {
    findings.report(
      "IPP-ADDRESS",
      where,
      `${what}: "${text}" is no full address`,
      "a host outside the site's networks needs a full address, or `network: …`",
    );
    return undefined;
  }
  const bad = reservedBlockOf({
    version: address.version,
    base: address.value,
    length: address.version === 4 ? 32 : 128,
  });
  if (bad?.use !== "never" || !containsAddress(bad.prefix, address)) return address;
  findings.report(
    "IPP-006",
    where,
    `${what}: ${formatAddress(address)} is kept for ${bad.what}`,
    "write the host's real address",
  );
  return undefined;
}
