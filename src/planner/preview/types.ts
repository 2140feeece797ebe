import type { Finding, Where } from "../../model/finding.ts";
import type { DevicePlan, PlanFlows, PlanRisk, ServerAction } from "../plan/types.ts";

/** What the change makes of a device. `new` and `gone`: it is in one of the two revisions only. */
export type PreviewDeviceState = "same" | "change" | "new" | "gone" | "refused";

/** A device's share of a preview: the commands that lead from the base's intended configuration to the head's. */
export interface PreviewDevice extends Omit<DevicePlan, "state" | "basis"> {
  readonly state: PreviewDeviceState;
  /** Neither a device nor an archive: the intended configuration of the base branch. */
  readonly basis: "base";
  /** Lines of the head's rendered configuration; told of a new device, whose commands nobody can know yet. */
  readonly lines: number;
}

/** What a person has to look at. */
export const REVIEW_KINDS = [
  "address",
  "login",
  "host-keys",
  "jump-hosts",
  "binding",
  "gate",
  "ownership",
  "window",
  "accounts",
  "settings",
  "code",
  "workflow",
  "template",
] as const;

/** Something that decides how or with what rights devices are reached, or code that would run: shown for review, and
 *  never used by a preview. */
export interface ReviewChange {
  readonly kind: (typeof REVIEW_KINDS)[number];
  /** `client/site/device`, `client/site`, or a path below the workspace. */
  readonly subject: string;
  /** What changed, `10.1.0.5 → 10.9.9.9`; references to secrets only, no secret stands in a repository. */
  readonly text: string;
  readonly where?: Where;
}

export type PreviewSiteState = "changed" | "new" | "gone" | "broken";

/** What the change means for one site. */
export interface PreviewSite {
  readonly schemaVersion: 1;
  readonly site: string;
  readonly name: string;
  readonly state: PreviewSiteState;
  /** `sha256:` over both intended states and the commands between them. */
  readonly digest: string;
  /** Digests in a preview carry no key: it sees no text of a device. */
  readonly keyId: "none";
  readonly risk: PlanRisk;
  readonly flows: PlanFlows;
  readonly devices: readonly PreviewDevice[];
  readonly actions: readonly ServerAction[];
  readonly secretVersions: Readonly<Record<string, string>>;
  /** Findings that the base has not. */
  readonly findings: readonly Finding[];
  /** How many findings of the base are gone. */
  readonly mended: number;
  readonly review: readonly ReviewChange[];
  readonly notEvaluated: readonly string[];
}

/** What a change means, site by site. */
export interface Preview {
  readonly base: string;
  readonly head: string;
  /** `sha256:` over the digests of all sites; what a reviewer approves. */
  readonly digest: string;
  readonly sites: readonly PreviewSite[];
  /** Sites whose files or shared files changed, and whose model did not. */
  readonly untouched: number;
  /** Changes that are no site's: settings, code, workflows. */
  readonly review: readonly ReviewChange[];
  /** Findings of no site, such as a conflict with the base. */
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly string[];
}
