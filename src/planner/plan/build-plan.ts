import { compareText, type Finding, sortFindings } from "../../model/finding.ts";
import type { Criticality } from "../../model/site.ts";
import { classOfChange } from "./change-class.ts";
import { planDigest } from "./digest.ts";
import { assessRisk } from "./risk.ts";
import type { DevicePlan, PlanFlows, ServerAction, SitePlan } from "./types.ts";

/** What a site's plan is put together from. */
export interface PlanParts {
  readonly site: string;
  readonly keyId: string;
  readonly criticality: Criticality | undefined;
  readonly devices: readonly DevicePlan[];
  readonly actions: readonly ServerAction[];
  readonly flows: PlanFlows;
  readonly findings: readonly Finding[];
  readonly secretVersions: Readonly<Record<string, string>>;
}

/** Puts a site's plan together: sorted, judged, digested. The same parts give the same plan. */
export function buildSitePlan(parts: PlanParts): SitePlan {
  const { site, keyId, flows } = parts;
  const devices = [...parts.devices].sort((a, b) => compareText(a.device, b.device));
  const actions = [...parts.actions].sort(
    (a, b) => compareText(a.server, b.server) || compareText(a.name, b.name),
  );
  const names = Object.keys(parts.secretVersions).sort();
  const secretVersions = Object.fromEntries(names.map((name) => [name, parts.secretVersions[name] ?? ""]));
  const risk = assessRisk({ devices, flows, findings: parts.findings });
  const changeClass = classOfChange({ devices, flows, risk, criticality: parts.criticality });
  return {
    schemaVersion: 1,
    site,
    digest: planDigest({ site, keyId, changeClass, devices, actions, secretVersions }),
    keyId,
    risk,
    changeClass,
    flows,
    devices,
    actions,
    secretVersions,
    findings: sortFindings(parts.findings),
  };
}
