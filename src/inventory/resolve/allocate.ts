import type { Prefix } from "../../model/address.ts";
import { comparePrefixes, formatPrefix, lastOf, overlaps, prefixAround } from "../../model/address.ts";
import type { Finding } from "../../model/finding.ts";
import { compareText, sortFindings } from "../../model/finding.ts";
import type { Workspace } from "../read/workspace.ts";
import type { DeviceFile, ServerFile, SiteFile } from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { Documents } from "./documents.ts";
import { Findings } from "./findings.ts";
import { type AddressAsk, hostRequest, takenAddresses } from "./host-pools.ts";
import { Inventory } from "./inventory.ts";
import { readPrefix } from "./networks.ts";
import type { Lease, PoolDraft, PoolRequest } from "./pools.ts";
import { isSingle, PoolBook } from "./pools.ts";

/** A prefix that a pool gave to a network, or took back from one that is gone. */
export interface PoolGrant {
  readonly client: string;
  readonly pool: string;
  readonly prefix: string;
  /** `site/network`. */
  readonly user: string;
}

/** Lock files to write, and what changed. */
export interface Allocation {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly granted: readonly PoolGrant[];
  readonly released: readonly PoolGrant[];
  readonly findings: readonly Finding[];
}

/** Gives each network that asks a pool for a prefix the first free one, each host, device and server that asks for an
 *  address the first that nobody has and DHCP does not hand out, and keeps what was given before. Two branches
 *  that allocate side by side take the same first free block and write the same key, so that git shows a conflict.
 *  @param clients - only these clients; all where left out */
export function allocatePools(workspace: Workspace, clients?: readonly string[]): Allocation {
  const documents = new Documents(workspace);
  const findings = new Findings();
  const files: { path: string; content: string }[] = [];
  const granted: PoolGrant[] = [];
  const released: PoolGrant[] = [];
  const all = [...new Set(workspace.siteIds.map((id) => id.split("/")[0] ?? ""))].sort(compareText);
  for (const client of all) {
    if (clients && !clients.includes(client)) continue;
    const book = new PoolBook(documents, client, findings);
    const sites = workspace.siteIds.filter((id) => id.startsWith(`${client}/`));
    const wants = wantsOf(documents, client, sites, findings);
    const asks = hostAsks(documents, sites, book);
    const inUse = asks.length === 0 ? [] : sites.flatMap((id) => takenAt(id, workspace));
    for (const pool of [...book.pools.values()].sort((a, b) => compareText(a.name, b.name))) {
      const own = [...wants.requests, ...asks].filter((request) => request.pool === pool.name);
      const before = book.leases.get(pool.name) ?? [];
      const kept = before.filter((lease) => own.some((request) => isServed(request, lease)));
      const leases = [...kept];
      for (const request of own) {
        if (leases.some((lease) => isServed(request, lease))) continue;
        const busy = isSingle(request) ? inUse : wants.taken;
        const prefix = firstFree(pool, request, [...leases.map((lease) => lease.prefix), ...busy]);
        if (!prefix) {
          findings.report(
            "IPP-POOL-FULL",
            request.where,
            `the pool ${pool.name} has no free ${isSingle(request) ? "address" : `/${request.length}`} for ${request.user}`,
            "widen the pool, ask for a longer prefix, or free one",
          );
          continue;
        }
        leases.push({ prefix, user: request.user, at: request.where });
        granted.push({ client, pool: pool.name, prefix: formatPrefix(prefix), user: request.user });
      }
      for (const lease of before)
        if (!kept.includes(lease))
          released.push({ client, pool: pool.name, prefix: formatPrefix(lease.prefix), user: lease.user });
      const path = `inventory/${client}/pools/${pool.name}.lock.yaml`;
      const content = lockText(pool.name, leases);
      if (leases.length > 0 && workspace.files.get(path) !== content && changed(before, leases))
        files.push({ path, content });
      else if (leases.length === 0 && before.length > 0)
        files.push({ path, content: lockText(pool.name, []) });
    }
  }
  return { files, granted, released, findings: sortFindings(findings.list) };
}

function changed(before: readonly Lease[], after: readonly Lease[]): boolean {
  return before.length !== after.length || after.some((lease) => !before.includes(lease));
}

function isServed(request: PoolRequest, lease: Lease): boolean {
  return (
    lease.user === request.user &&
    lease.prefix.version === request.version &&
    lease.prefix.length === request.length
  );
}

/** What hosts, devices and servers of these sites ask single addresses for. */
function hostAsks(documents: Documents, siteIds: readonly string[], pools: PoolBook): PoolRequest[] {
  const requests: PoolRequest[] = [];
  for (const id of siteIds) {
    const [client, site = ""] = id.split("/");
    const places = new Places();
    const read = <T>(path: string): Partial<T> => {
      const doc = documents.once(path);
      return doc ? places.read<Partial<T>>(doc.root) : {};
    };
    const ask = (entry: AddressAsk | undefined, name: string): void => {
      if (entry?.pool === undefined || entry.address !== undefined) return;
      requests.push(hostRequest(entry.pool, `${site}/${name}`, places.value(entry, "pool"), pools));
    };
    for (const [name, host] of Object.entries(read<SiteFile>(`inventory/${id}/site.yaml`).hosts ?? {}))
      ask(host, name);
    for (const path of documents.paths("device", client, site))
      ask(read<DeviceFile>(path).management, nameOf(path));
    for (const path of documents.paths("server", client, site))
      for (const [port, entry] of Object.entries(read<ServerFile>(path).interfaces ?? {}))
        ask(entry, `${nameOf(path)}:${port}`);
  }
  return requests;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.ya?ml$/, "");
}

function takenAt(id: string, workspace: Workspace): Prefix[] {
  const { site } = new Inventory(workspace).resolve(id);
  return site ? takenAddresses(site) : [];
}

/** What the networks of a client ask for, and which prefixes are written by hand. */
function wantsOf(
  documents: Documents,
  client: string,
  siteIds: readonly string[],
  findings: Findings,
): { requests: PoolRequest[]; taken: Prefix[] } {
  const requests: PoolRequest[] = [];
  const taken: Prefix[] = [];
  const silent = new Findings();
  for (const id of siteIds) {
    const doc = documents.get(`inventory/${id}/site.yaml`);
    if (!doc) continue;
    findings.addAll(doc.findings);
    const places = new Places();
    const data = places.read<Partial<SiteFile>>(doc.root);
    for (const [name, network] of Object.entries(data.networks ?? {})) {
      for (const [key, version] of [
        ["ipv4", 4],
        ["ipv6", 6],
      ] as const) {
        const written = network[key];
        const where = places.value(network, key);
        if (typeof written === "string") {
          const prefix = readPrefix(written, where, version, silent);
          if (prefix) taken.push(prefix);
        } else if (written?.pool !== undefined && written.length !== undefined)
          requests.push({
            pool: written.pool,
            length: written.length,
            version,
            user: `${id.slice(client.length + 1)}/${name}`,
            where,
          });
      }
    }
  }
  return { requests, taken };
}

/** The first block of the wanted length that nothing else lies in. Steps over what is taken, so a full pool costs no more than its leases. */
function firstFree(pool: PoolDraft, request: PoolRequest, taken: readonly Prefix[]): Prefix | undefined {
  const block = request.version === 4 ? pool.prefix4 : pool.prefix6;
  if (!block || request.length < block.length) return undefined;
  const busy = [...taken, ...pool.reserved].filter((prefix) => overlaps(prefix, block)).sort(comparePrefixes);
  const end = lastOf(block).value;
  let candidate = prefixAround({ version: block.version, value: block.base }, request.length);
  while (candidate.base <= end) {
    const clash = busy.find((prefix) => overlaps(prefix, candidate));
    if (!clash) return candidate;
    const last =
      lastOf(clash).value > lastOf(candidate).value ? lastOf(clash).value : lastOf(candidate).value;
    candidate = prefixAround({ version: block.version, value: last + 1n }, request.length);
  }
  return undefined;
}

function lockText(pool: string, leases: readonly Lease[]): string {
  const lines = [...leases]
    .sort((a, b) => comparePrefixes(a.prefix, b.prefix))
    .map((lease) => `${quote(formatPrefix(lease.prefix))}: ${lease.user}`);
  return [`# Written by \`sitewright allocate\`: what the pool ${pool} gave out.`, ...lines, ""].join("\n");
}

/** A key with a colon at its end or a bare one before a blank would split: IPv6 is quoted. */
function quote(text: string): string {
  return text.includes(":") ? `"${text}"` : text;
}
