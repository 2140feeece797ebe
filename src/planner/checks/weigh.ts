import { compareText, type Finding, type Severity } from "../../model/finding.ts";
import type { CheckSettings } from "../../model/policy.ts";
import type { Site } from "../../model/site.ts";
import { belongsTo } from "./belongs.ts";
import type { KnownCodes, Suggest } from "./waivers.ts";

/** Gives findings the weight that their client wants. A place of the provider's keeps its own: no client decides for all.
 *  A file that could not be read or resolved stays an error: what stands behind it was not judged. */
export function weighFindings(findings: readonly Finding[], sites: readonly Site[]): Finding[] {
  const wanted = new Map<string, ReadonlyMap<string, Severity>>();
  for (const [client, { severities }] of settingsOf(sites)) {
    wanted.set(client, new Map(severities.map(({ name, severity }) => [name, severity])));
  }
  return findings.map((finding) => {
    const client = belongsTo(finding.where).client;
    const severity = client === undefined ? undefined : wanted.get(client)?.get(finding.code);
    return severity === undefined || isUnjudged(finding.code) ? finding : { ...finding, severity };
  });
}

/** What settings may name. */
export interface KnownNames {
  readonly codes: KnownCodes;
  /** Absent where the files of packs are not at hand: then no name of one is judged. */
  readonly packs: ReadonlySet<string> | undefined;
  readonly suggest: Suggest;
}

/** Codes and packs that settings name and that there are not.
 *  @param known - the codes and packs that there are */
export function settingProblems(sites: readonly Site[], known: KnownNames): Finding[] {
  const { codes, packs, suggest } = known;
  const problems = new Map<string, Finding>();
  for (const [, settings] of settingsOf(sites)) {
    for (const { name, origin } of settings.severities) {
      if (isUnjudged(name)) {
        const message = `${name} keeps its weight: what stands behind it was not judged`;
        const hint = "take the line out, and mend what the finding tells";
        add(problems, { code: "CHK-UNKNOWN-CODE", severity: "error", message, hint, where: origin });
        continue;
      }
      if (codes.has(name)) continue;
      const near = suggest(name, codes);
      const message = `no check is called "${name}"`;
      const hint = near ? `did you mean ${near}?` : "write a code as `sitewright validate` prints it";
      add(problems, { code: "CHK-UNKNOWN-CODE", severity: "error", message, hint, where: origin });
    }
    for (const { name, origin } of settings.packs) {
      if (packs === undefined || packs.has(name)) continue;
      const near = suggest(name, packs);
      const hint = `${near ? `did you mean ${near}? ` : ""}known: ${[...packs].sort(compareText).join(", ")}`;
      const message = `there is no pack "${name}"`;
      add(problems, { code: "CHK-UNKNOWN-PACK", severity: "error", message, hint, where: origin });
    }
  }
  return [...problems.values()];
}

function settingsOf(sites: readonly Site[]): ReadonlyMap<string, CheckSettings> {
  return new Map(
    sites.flatMap(({ client, policy }) => (policy.checks ? [[client, policy.checks] as const] : [])),
  );
}

/** The same files serve many clients: a mistake in a shared one is told once. */
function add(problems: Map<string, Finding>, problem: Finding): void {
  problems.set(`${JSON.stringify(problem.where)} ${problem.message}`, problem);
}

function isUnjudged(code: string): boolean {
  return code.startsWith("INV-") || code.startsWith("REF-");
}
