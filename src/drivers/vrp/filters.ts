import { huaweiLists } from "../../planner/filters/huawei-lists.ts";
import type { ExtractedFilter } from "../../planner/filters/types.ts";

/** Names that mean other ports than elsewhere.
 *  @see Huawei S-series command reference, rule (advanced ACL view) */
const PORTS = { dnsix: 90, CHARgen: 19 };

/** Reads the access lists of a VRP configuration: numbered and named, basic and advanced, IPv6. */
export function readFilters(text: string): readonly ExtractedFilter[] {
  return huaweiLists(text, { ports: PORTS });
}
