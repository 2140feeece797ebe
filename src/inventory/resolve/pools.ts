import type { Prefix } from "../../model/address.ts";
import { comparePrefixes, containsPrefix, formatPrefix, overlaps, parsePrefix } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { PoolLockFile, PoolsFile } from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { Documents } from "./documents.ts";
import type { Findings } from "./findings.ts";

/** A network that wants a prefix of a pool. */
export interface PoolRequest {
  readonly pool: string;
  readonly length: number;
  readonly version: 4 | 6;
  /** `site/network`. */
  readonly user: string;
  readonly where: FileWhere;
}

/** Whether a request or a lease is of a single address. */
export function isSingle({ version, length }: { readonly version: 4 | 6; readonly length: number }): boolean {
  return length === (version === 4 ? 32 : 128);
}

/** A block of a pool with what is never given out of it. */
export interface PoolDraft {
  readonly name: string;
  readonly prefix4: Prefix | undefined;
  readonly prefix6: Prefix | undefined;
  readonly reserved: readonly Prefix[];
  readonly at: FileWhere;
}

/** One line of a lock file. */
export interface Lease {
  readonly prefix: Prefix;
  readonly user: string;
  readonly at: FileWhere;
}

/** What the pools of a client are and what they gave out. */
export class PoolBook {
  readonly pools: ReadonlyMap<string, PoolDraft>;
  readonly leases: ReadonlyMap<string, readonly Lease[]>;

  constructor(documents: Documents, client: string, findings: Findings) {
    this.pools = readPools(documents, client, findings);
    this.leases = readLeases(documents, client, this.pools, findings);
  }

  /** The prefix that the pool's lock file holds for a network; a finding where it holds none. */
  allocated(request: PoolRequest, findings: Findings): Prefix | undefined {
    const pool = this.pools.get(request.pool);
    if (!pool) {
      const near = suggest(request.pool, this.pools.keys());
      findings.report(
        "REF-POOL",
        request.where,
        `there is no pool "${request.pool}"`,
        near
          ? `did you mean ${near}?`
          : this.pools.size > 0
            ? `pools of this client: ${listNames(this.pools.keys())}`
            : "write the pool into the client's pools.yaml",
      );
      return undefined;
    }
    const leases = this.leases.get(request.pool) ?? [];
    const mine = leases.find(
      (lease) => lease.user === request.user && lease.prefix.version === request.version,
    );
    if (!mine) {
      findings.report(
        "IPP-UNALLOCATED",
        request.where,
        `${request.user} has no ${isSingle(request) ? "address" : "prefix"} of the pool ${request.pool} yet`,
        "run `sitewright allocate`, and commit the lock file",
      );
      return undefined;
    }
    if (mine.prefix.length !== request.length) {
      findings.report(
        "IPP-POOL-LENGTH",
        request.where,
        `the network wants a /${request.length}, its lock file has ${formatPrefix(mine.prefix)}`,
        "take its line out of the lock file and run `sitewright allocate`: the network gets a new prefix",
        { related: [mine.at] },
      );
      return undefined;
    }
    return mine.prefix;
  }
}

function readPools(documents: Documents, client: string, findings: Findings): Map<string, PoolDraft> {
  const out = new Map<string, PoolDraft>();
  const doc = documents.get(`inventory/${client}/pools.yaml`);
  if (!doc) return out;
  findings.addAll(doc.findings);
  const places = new Places();
  const data = places.read<PoolsFile>(doc.root);
  for (const [name, pool] of Object.entries(data)) {
    const block = (text: string | undefined, version: 4 | 6, where: FileWhere): Prefix | undefined => {
      if (text === undefined) return undefined;
      const parsed = parsePrefix(text);
      if (parsed && !parsed.hostBits && parsed.prefix.version === version) return parsed.prefix;
      findings.report(
        parsed?.hostBits ? "IPP-HOST-BITS" : "IPP-PREFIX",
        where,
        `"${text}" is no IPv${version} block`,
        parsed?.hostBits ? `write ${parsed.hostBits}` : "write e.g. 10.64.0.0/16",
      );
      return undefined;
    };
    const reserved = (pool.reserved ?? []).flatMap((text) => {
      const parsed = parsePrefix(text);
      return parsed ? [parsed.prefix] : [];
    });
    out.set(name, {
      name,
      prefix4: block(pool.ipv4, 4, places.value(pool, "ipv4")),
      prefix6: block(pool.ipv6, 6, places.value(pool, "ipv6")),
      reserved,
      at: places.key(data, name),
    });
  }
  return out;
}

function readLeases(
  documents: Documents,
  client: string,
  pools: ReadonlyMap<string, PoolDraft>,
  findings: Findings,
): Map<string, Lease[]> {
  const out = new Map<string, Lease[]>();
  for (const path of documents.paths("lock", client)) {
    const doc = documents.get(path);
    if (!doc) continue;
    findings.addAll(doc.findings);
    const name = doc.identity.name ?? "";
    const pool = pools.get(name);
    if (!pool) {
      if (documents.get(`inventory/${client}/pools.yaml`)?.broken) continue;
      findings.report(
        "REF-POOL",
        doc.root.at,
        `the lock file is of a pool "${name}" that does not exist`,
        "delete the file, or write the pool into pools.yaml",
      );
      continue;
    }
    const places = new Places();
    const data = places.read<PoolLockFile>(doc.root);
    const leases: Lease[] = [];
    for (const [text, user] of Object.entries(data)) {
      const at = places.key(data, text);
      const parsed = parsePrefix(text);
      if (!parsed || parsed.hostBits) {
        findings.report(
          "IPP-HOST-BITS",
          at,
          `"${text}" is no prefix without host bits`,
          "restore the line from git: this file is written by `sitewright allocate`",
        );
        continue;
      }
      leases.push({ prefix: parsed.prefix, user, at });
    }
    checkLeases(pool, leases, findings);
    out.set(name, leases);
  }
  return out;
}

/** Two branches can each take a prefix, and git merges the lines without a conflict: this is where it shows. */
function checkLeases(pool: PoolDraft, leases: readonly Lease[], findings: Findings): void {
  const users = new Map<string, Lease>();
  for (const lease of leases) {
    const block = lease.prefix.version === 4 ? pool.prefix4 : pool.prefix6;
    if (!block || !containsPrefix(block, lease.prefix)) {
      findings.report(
        "IPP-POOL-OUTSIDE",
        lease.at,
        `${formatPrefix(lease.prefix)} is not in the pool ${pool.name}`,
        "the pool was changed: widen it again, or take the line out and allocate anew",
      );
    }
    const key = `${lease.user} ${lease.prefix.version}`;
    const known = users.get(key);
    if (known)
      findings.report(
        "IPP-POOL-TWICE",
        lease.at,
        `${lease.user} has two ${isSingle(lease.prefix) ? "addresses" : "prefixes"} of the pool ${pool.name}`,
        "two branches allocated for it: keep one of the two lines",
        { related: [known.at] },
      );
    else users.set(key, lease);
  }
  const sorted = [...leases].sort((a, b) => comparePrefixes(a.prefix, b.prefix));
  let open: Lease | undefined;
  for (const lease of sorted) {
    if (open && overlaps(open.prefix, lease.prefix)) {
      findings.report(
        "IPP-001",
        lease.at,
        `${formatPrefix(lease.prefix)} (${lease.user}) overlaps ${formatPrefix(open.prefix)} (${open.user})`,
        "two branches took the same space: take one line out and run `sitewright allocate`",
        { related: [open.at] },
      );
    } else open = lease;
  }
}
