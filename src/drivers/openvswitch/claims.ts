import type { Scope } from "../../planner/config/types.ts";
import { type BlockView, blockClaims } from "../linux-common/host-view.ts";

/** What the inventory owns on a switch: the ports that it lists, members of aggregations as ports of their own
 *  included (they must not be), spanning tree of the bridge, and the host's blocks that it lists. With full ownership every
 *  port and the flows; mirrors are shown and left alone. */
export function claimsOf(
  blocks: readonly BlockView[],
  members: readonly string[],
  ownership: "claims" | "full",
): Scope {
  const isBridge = ({ header }: BlockView) => header.startsWith("bridge ");
  const bridges = blocks.filter(isBridge).flatMap(({ header }) => [
    [header, "rstp *"],
    [header, "priority *"],
  ]);
  const interfaces = blocks.flatMap(({ header }) =>
    header.startsWith("interface ") ? [header.slice(10)] : [],
  );
  const routes = interfaces.flatMap((name) => [[`route ** dev ${name}`], [`route ** dev ${name} metric *`]]);
  const others = blocks.filter((block) => !isBridge(block));
  const all = ownership === "full" ? [["port **"]] : [];
  return {
    kind: "claims",
    paths: [
      ...all,
      ...bridges,
      ...blockClaims(others),
      ...members.map((name) => [`port ${name}`]),
      ...routes,
    ],
  };
}
