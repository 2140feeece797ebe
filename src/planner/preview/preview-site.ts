import type { Finding } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import type { FlowOptions } from "../flows/types.ts";
import { canonicalJson, sha256 } from "../plan/digest.ts";
import { assessRisk } from "../plan/risk.ts";
import type { PlanFlows } from "../plan/types.ts";
import { deviceChanges, type PreviewDrivers } from "./device-changes.ts";
import { flowChanges } from "./flow-changes.ts";
import { modelDigest } from "./model-digest.ts";
import { newFindings } from "./new-findings.ts";
import { reviewChanges } from "./review-changes.ts";
import type { PreviewDevice, PreviewSite, PreviewSiteState } from "./types.ts";

/** A site in one revision; `site` is undefined where it is not there, or cannot be read. */
export interface SiteSide {
  readonly site: Site | undefined;
  /** Of reading, resolving, zone proofs and checks. */
  readonly findings: readonly Finding[];
  /** What was not looked at. */
  readonly notEvaluated: readonly string[];
}

/** What a preview of a site needs beside its two sides. */
export interface PreviewTools {
  readonly drivers: PreviewDrivers;
  readonly flowOptions?: FlowOptions;
  /** Whether a file of the site is in the head at all; tells a site that is gone from one that cannot be read. */
  readonly inHead: boolean;
  /** Whether the head holds a file; a device whose file is there and yields none is unreadable, not gone. */
  readonly headHas: (file: string) => boolean;
}

const NO_FLOWS: PlanFlows = { opened: [], closed: [] };

/** Says what a change means for one site: commands, flows, new findings, what to review. Pure. */
export function previewSite(id: string, base: SiteSide, head: SiteSide, tools: PreviewTools): PreviewSite {
  const state = stateOf(base, head, tools);
  const fresh = newFindings(base.findings, head.findings);
  const changes = deviceChanges(base.site?.devices ?? [], devicesOf(head, base, state), tools);
  const flows = flowsOf(base.site, head.site, state, tools);
  const before = deviceFindingsOf(base.site, tools.drivers);
  const ofDevices = newFindings(before, changes.findings);
  const findings = [...fresh.findings, ...ofDevices.findings];
  return {
    schemaVersion: 1,
    site: id,
    name: head.site?.name ?? base.site?.name ?? id,
    state,
    digest: digestOf(base.site, head.site, changes.devices),
    keyId: "none",
    risk: assessRisk({
      devices: changes.devices.map((device) => ({ ...device, state: riskState(device), basis: "archive" })),
      flows: flows.flows,
      findings: findings.filter((finding) => finding.waiver === undefined),
    }),
    flows: flows.flows,
    devices: changes.devices,
    actions: [],
    secretVersions: secretVersionsOf(head.site?.devices ?? []),
    findings,
    mended: fresh.mended,
    review: base.site && head.site ? reviewChanges(base.site, head.site) : [],
    notEvaluated: [...new Set([...head.notEvaluated, ...changes.notEvaluated, ...flows.notEvaluated])],
  };
}

function stateOf(base: SiteSide, head: SiteSide, tools: PreviewTools): PreviewSiteState {
  if (head.site === undefined) return tools.inHead ? "broken" : "gone";
  return base.site === undefined ? "new" : "changed";
}

/** A site that cannot be read changes nothing: its devices must not look as if they were gone. */
function devicesOf(head: SiteSide, base: SiteSide, state: PreviewSiteState): readonly DeviceIntent[] {
  return state === "broken" ? (base.site?.devices ?? []) : (head.site?.devices ?? []);
}

function flowsOf(
  base: Site | undefined,
  head: Site | undefined,
  state: PreviewSiteState,
  tools: PreviewTools,
): { readonly flows: PlanFlows; readonly notEvaluated: readonly string[] } {
  if (base && head) return flowChanges(base, head, tools.flowOptions);
  if (state === "new")
    return { flows: NO_FLOWS, notEvaluated: ["flows: the site is new; its zone proofs say what it permits"] };
  if (state === "broken")
    return { flows: NO_FLOWS, notEvaluated: ["commands, flows and checks: the site cannot be read"] };
  return { flows: NO_FLOWS, notEvaluated: ["nothing is pushed to a site that leaves the inventory"] };
}

function deviceFindingsOf(site: Site | undefined, drivers: PreviewDrivers): readonly Finding[] {
  return (site?.devices ?? []).flatMap((device) => drivers(device.platform)?.render(device).findings ?? []);
}

function digestOf(base: Site | undefined, head: Site | undefined, devices: readonly PreviewDevice[]): string {
  return sha256(
    canonicalJson({
      base: base === undefined ? null : modelDigest(base),
      head: head === undefined ? null : modelDigest(head),
      devices: devices.map((device) => [
        device.asset,
        device.intendedDigest,
        device.runningDigest,
        device.commands,
      ]),
    }),
  );
}

function riskState(device: PreviewDevice): "same" | "change" | "unadopted" | "release" | "unreachable" {
  const states = {
    same: "same",
    change: "change",
    new: "unadopted",
    gone: "release",
    refused: "unreachable",
  } as const;
  return states[device.state];
}

function secretVersionsOf(devices: readonly DeviceIntent[]): Record<string, string> {
  const entries = devices.flatMap((device) =>
    device.secrets.map((ref) => [`${ref.scheme}:${ref.locator}`, ref.version] as const),
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
