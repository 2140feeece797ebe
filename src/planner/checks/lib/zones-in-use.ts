import type { Site } from "../../../model/site.ts";

const books = new WeakMap<readonly Site[], Map<string, Set<string>>>();

/** Names of the zones that a client's networks and lines are in, made once for a run. */
export function zonesInUse(sites: readonly Site[], client: string): ReadonlySet<string> {
  const before = books.get(sites)?.get(client);
  if (before) return before;
  const book = new Map<string, Set<string>>();
  for (const site of sites) {
    const used = book.get(site.client) ?? new Set<string>();
    book.set(site.client, used);
    for (const { zone } of [...site.networks, ...site.wan]) if (zone !== undefined) used.add(zone);
  }
  books.set(sites, book);
  return book.get(client) ?? new Set();
}
