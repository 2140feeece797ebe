import type { FileWhere } from "../../model/finding.ts";
import { mergeLayers } from "../layers/merge.ts";
import type { HostEntry, ServerFile, SiteFile } from "../schema/types.gen.ts";
import { checkRequired } from "../shape/check-shape.ts";
import { Places } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { MapNode } from "../yaml/node.ts";
import { emptyMap, nodeAt } from "../yaml/node.ts";
import { settleAddress } from "./addressing.ts";
import type { HostDraft, InterfaceDraft, NetworkDraft, Scope, ServerDraft, SiteBase } from "./base.ts";
import type { Documents } from "./documents.ts";
import type { Findings } from "./findings.ts";
import { addressAsked } from "./host-pools.ts";
import { levelsOf, machineLayers, mergeSite } from "./layers-of.ts";
import { readOutsideAddress, settleNetworks } from "./networks.ts";
import type { PoolBook } from "./pools.ts";

/** What building the base of a site needs. */
export interface BaseSources {
  readonly documents: Documents;
  readonly client: string;
  readonly site: string;
  readonly pools: PoolBook;
  readonly findings: Findings;
}

/** Settles a site's networks, hosts and servers: what its other files and its sister sites refer to. */
export function buildBase(sources: BaseSources): SiteBase {
  const { documents, client, site, findings } = sources;
  const path = `inventory/${client}/${site}/site.yaml`;
  const doc = documents.get(path);
  const start: FileWhere = { file: path, line: 1, column: 1 };
  if (doc) findings.addAll(doc.findings);
  else if (documents.paths("site", client, site).length === 0) {
    findings.report(
      "INV-NO-SITE",
      start,
      `the site ${client}/${site} has no site.yaml`,
      "write it, with name, timezone and networks; see docs/inventory.md",
    );
  }
  const levels = levelsOf(documents, client, site);
  const dropped = levels.flatMap((level) => documents.get(level.node.at.file)?.dropped ?? []);
  const whole = checkRequired(
    "site",
    mergeSite(levels, (finding) => findings.add(finding)),
    dropped,
  );
  if (doc) findings.addAll(whole.findings);
  if (dropped.some((path) => path.includes("credentials/"))) findings.markUnreadable("credentials");
  // `networks/office/vlan` was wrong: that the network has no VLAN is then no news.
  for (const path of doc?.dropped ?? []) findings.markUnreadable(path.split("/").slice(1).join("."));
  for (const name of whole.removed) findings.markUnreadable(name);
  const merged = whole.root;
  const places = new Places();
  const settings = places.read<SiteFile>(merged);
  const siteId = `${client}/${site}`;
  const networks = settleNetworks({
    siteId,
    networks: settings.networks ?? {},
    places,
    pools: sources.pools,
    findings,
  });
  const hosts = settleHosts(levels, networks, sources);
  const base = {
    id: siteId,
    client,
    site,
    at: doc?.root.at ?? start,
    levels,
    merged,
    settings,
    places,
    networks,
    hosts,
    pools: sources.pools,
  };
  return { ...base, servers: settleServers(sources, levels, networks) };
}

function settleHosts(
  levels: readonly { readonly name: string; readonly node: MapNode }[],
  networks: ReadonlyMap<string, NetworkDraft>,
  sources: BaseSources,
): Map<string, HostDraft> {
  const out = new Map<string, HostDraft>();
  for (const level of levels) {
    const node = nodeAt(level.node, ["hosts"]);
    if (node?.kind !== "map") continue;
    const places = new Places();
    const data = places.read<Record<string, HostEntry>>(node);
    for (const [name, entry] of Object.entries(data)) {
      // A name means one thing: the nearest one, so that a site can have its own `syslog-1`.
      out.set(
        name,
        settleHost(name, entry, level.name as Scope, places.key(data, name), places, networks, sources),
      );
    }
  }
  return out;
}

function settleHost(
  name: string,
  data: HostEntry,
  scope: Scope,
  at: FileWhere,
  places: Places,
  networks: ReadonlyMap<string, NetworkDraft>,
  sources: BaseSources,
): HostDraft {
  const { findings } = sources;
  const written = hostAddress(name, data, scope, places, sources);
  const draft = { name, scope, data, at, address: undefined, address6: undefined };
  if (data.network === undefined) {
    const address =
      written === undefined
        ? undefined
        : readOutsideAddress(written, places.value(data, "address"), name, findings);
    const second =
      data.address6 === undefined
        ? undefined
        : readOutsideAddress(data.address6, places.value(data, "address6"), name, findings);
    return {
      ...draft,
      address: address?.version === 4 ? address : undefined,
      address6: second ?? (address?.version === 6 ? address : undefined),
    };
  }
  const network = networks.get(data.network);
  if (!network) {
    // A host of the provider or the client may be in a network that only some sites have.
    if (scope === "site") reportNetwork(data.network, places.value(data, "network"), networks, findings);
    return draft;
  }
  const request = {
    address: written,
    address6: data.address6,
    where: places.value(data, "address"),
    where6: places.value(data, "address6"),
    what: name,
  };
  if (hasNoPrefix(network)) findings.markUnreadable(name);
  return { ...draft, ...settleAddress(request, network, findings) };
}

/** Only a site's hosts can ask: one of the client would need an address at every site. */
function hostAddress(
  name: string,
  data: HostEntry,
  scope: Scope,
  places: Places,
  { site, pools, findings }: BaseSources,
): number | string | undefined {
  if (data.pool === undefined || scope === "site") {
    const address = addressAsked(data, { user: `${site}/${name}`, places, pools, findings });
    if (address === undefined && data.pool !== undefined) findings.markUnreadable(name);
    return address;
  }
  findings.report(
    "IPP-ADDRESS",
    places.value(data, "pool"),
    `${name} is a host of the ${scope}, and only a site's hosts ask pools for an address`,
    "write its address, or move it into a site.yaml",
  );
  return undefined;
}

/** Whether a network's prefix was refused: what lies in it has no address for a reason that was said already. */
function hasNoPrefix(network: NetworkDraft | undefined): boolean {
  return network?.data.ipv4 !== undefined && network.prefix4 === undefined;
}

/** Says that a network does not exist, and which one was probably meant. */
export function reportNetwork(
  name: string,
  where: FileWhere,
  networks: ReadonlyMap<string, NetworkDraft>,
  findings: Findings,
): void {
  const near = suggest(name, networks.keys());
  const hint = near
    ? `did you mean ${near}?`
    : networks.size > 0
      ? `networks of the site: ${listNames(networks.keys())}`
      : "the site has no networks yet: write them into site.yaml";
  findings.report("REF-NETWORK", where, `there is no network "${name}" at this site`, hint, { about: name });
}

function settleServers(
  sources: BaseSources,
  levels: SiteBase["levels"],
  networks: ReadonlyMap<string, NetworkDraft>,
): Map<string, ServerDraft> {
  const { documents, findings } = sources;
  const out = new Map<string, ServerDraft>();
  for (const path of documents.paths("server", sources.client, sources.site)) {
    const doc = documents.get(path);
    if (!doc) continue;
    findings.addAll(doc.findings);
    const name = doc.identity.name ?? "";
    if (doc.broken) {
      findings.markUnreadable(name);
      continue;
    }
    const layers = mergeLayers(machineLayers(levels, "server", doc.root), (finding) => findings.add(finding));
    const whole = checkRequired("server", layers ?? emptyMap(doc.root.at), doc.dropped);
    findings.addAll(whole.findings);
    const places = new Places();
    const data = places.read<ServerFile>(whole.root);
    const interfaces: InterfaceDraft[] = [];
    for (const [port, entry] of Object.entries(data.interfaces ?? {})) {
      const at = places.key(data.interfaces, port);
      const network = networks.get(entry.network ?? "");
      if (!network) {
        if (entry.network !== undefined)
          reportNetwork(entry.network, places.value(entry, "network"), networks, findings);
        continue;
      }
      const request = {
        address: addressAsked(entry, {
          user: `${sources.site}/${name}:${port}`,
          places,
          pools: sources.pools,
          findings,
        }),
        address6: entry.address6,
        where: places.value(entry, "address"),
        where6: places.value(entry, "address6"),
        what: `${name}:${port}`,
      };
      interfaces.push({
        name: port,
        network: network.name,
        at,
        ...settleAddress(request, network, findings),
      });
    }
    if (interfaces.some((one) => hasNoPrefix(networks.get(one.network)))) findings.markUnreadable(name);
    out.set(name, { name, path, data, places, at: doc.root.at, interfaces });
  }
  return out;
}
