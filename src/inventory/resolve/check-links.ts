import type { Findings } from "./findings.ts";
import type { Cabling } from "./link-ports.ts";
import type { VlanPlan } from "./needed-vlans.ts";
import type { LinkPlan, PortPlan } from "./port-plan.ts";
import { spellEnd } from "./port-plan.ts";

/** Finds links whose two ends do not agree. */
export function checkLinks(cabling: Cabling, vlans: VlanPlan, findings: Findings): void {
  for (const link of cabling.links) checkLink(link, vlans, findings);
}

function checkLink(link: LinkPlan, vlans: VlanPlan, findings: Findings): void {
  const { a, b } = link;
  const ends = `${spellEnd(a.device.name, a.name)} and ${spellEnd(b.device.name, b.name)}`;
  const related = { related: [a.listed ? a.at : b.at] };
  const where = b.listed ? b.at : a.at;
  if (a.mode !== b.mode) {
    findings.report(
      "L2-PORT-MODE",
      where,
      `${ends} differ: ${a.mode} here, ${b.mode} there`,
      "give both ends of a link the same mode",
      related,
    );
    return;
  }
  if (a.mode === "access" && a.access !== b.access) {
    findings.report(
      "L2-PORT-NETWORK",
      where,
      `${ends} are in ${a.access?.name ?? "nothing"} and ${b.access?.name ?? "nothing"}`,
      "put both ends into one network",
      related,
    );
  }
  if (a.mode === "trunk" && a.native !== b.native) {
    findings.report(
      "L2-001",
      where,
      `${ends} have the native networks ${a.native?.name ?? "none"} and ${b.native?.name ?? "none"}`,
      "give both ends the same `native`",
      related,
    );
  }
  if (a.mode === "trunk") checkTagged(a, b, ends, vlans, findings);
  if ((a.lag === undefined) !== (b.lag === undefined)) {
    findings.report(
      "LAG-MISMATCH",
      where,
      `of ${ends} only one is in an aggregation`,
      "say `lag:` on the end that has `to`; the other end follows",
      related,
    );
  }
  if (a.lag && b.lag && a.lag.lacp === "passive" && b.lag.lacp === "passive") {
    findings.report(
      "LAG-MISMATCH",
      where,
      `${ends} both wait for the other to speak LACP`,
      "make one end active",
      related,
    );
  }
  if (a.lag && b.lag && (a.lag.lacp === "static") !== (b.lag.lacp === "static")) {
    findings.report(
      "LAG-MISMATCH",
      where,
      `of ${ends} one speaks LACP and one does not`,
      "give both ends the same `lacp`",
      related,
    );
  }
  for (const key of ["mtu", "speed"] as const) {
    if (a.data[key] === b.data[key]) continue;
    findings.report(
      "L2-019",
      where,
      `${ends} differ in ${key}: ${a.data[key] ?? "not set"} and ${b.data[key] ?? "not set"}`,
      `give both ends the same ${key}`,
      related,
    );
  }
}

function checkTagged(a: PortPlan, b: PortPlan, ends: string, vlans: VlanPlan, findings: Findings): void {
  const left = new Set(vlans.tagged.get(a));
  const right = new Set(vlans.tagged.get(b));
  const onlyLeft = [...left].filter((network) => !right.has(network));
  const onlyRight = [...right].filter((network) => !left.has(network));
  const odd = [...onlyLeft, ...onlyRight].map((network) => network.name).sort();
  if (odd.length === 0) return;
  const side = onlyLeft.length > 0 ? b : a;
  findings.report(
    "L2-003",
    side.at,
    `of ${ends} only one carries ${odd.join(", ")}`,
    "list the same tagged networks on both ends, or write `tagged: needed` once",
    { related: [(side === a ? b : a).at] },
  );
}
