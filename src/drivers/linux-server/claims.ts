import type { Scope } from "../../planner/config/types.ts";
import { type BlockView, blockClaims } from "../linux-common/host-view.ts";

/** What the inventory owns on a server: the blocks that it lists, whatever bears our name, accounts that we made,
 *  and of sshd the options that it sets. */
export function claimsOf(blocks: readonly BlockView[]): Scope {
  const sshd = blocks.find(({ header }) => header === "sshd");
  const words = new Set(sshd?.lines.map((line) => line.split(" ")[0] ?? ""));
  const options = [...words].map((word) => ["sshd", `${word} **`]);
  return { kind: "claims", paths: [...blockClaims(blocks.filter((block) => block !== sshd)), ...options] };
}
