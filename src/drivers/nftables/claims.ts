import type { Scope } from "../../planner/config/types.ts";
import { type BlockView, blockClaims } from "../linux-common/host-view.ts";

/** The one table that is ours. Filters are always owned whole (D7); all other tables are left alone and counted. */
export const OUR_TABLE = "table inet sitewright";

/** What the inventory owns on a firewall: our table, the host's blocks that it lists, and every static route that
 *  leaves by an interface that it lists. With full ownership it owns every table; the host's other files, logins and
 *  interfaces are never swept away. */
export function claimsOf(blocks: readonly BlockView[], ownership: "claims" | "full"): Scope {
  const interfaces = blocks.flatMap(({ header }) =>
    header.startsWith("interface ") ? [header.slice(10)] : [],
  );
  const routes = interfaces.flatMap((name) => [[`route ** dev ${name}`], [`route ** dev ${name} metric *`]]);
  return {
    kind: "claims",
    paths: [[ownership === "full" ? "table **" : OUR_TABLE], ...blockClaims(blocks), ...routes],
  };
}
