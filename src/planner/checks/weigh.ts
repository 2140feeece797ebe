import { compareText, type Finding, type Severity } from "../../model/finding.ts";
import type { CheckSettings } from "../../model/policy.ts";
import type { Site } from "../../model/site.ts";
import { belongsTo } from "./belongs.ts";
import { checkById } from "./catalogue.ts";

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

/** Codes and packs that settings name and that there are not.
 *  @param packs - names of the packs that there are
 *  @param otherCodes - codes of findings, and of checks beside the catalogue */
export function settingProblems(
  sites: readonly Site[],
  packs: ReadonlySet<string>,
  otherCodes: ReadonlySet<string>,
): Finding[] {
  const problems = new Map<string, Finding>();
  for (const [, settings] of settingsOf(sites)) {
    for (const { name, origin } of settings.severities) {
      if (checkById(name) !== undefined || otherCodes.has(name)) continue;
      const message = isUnjudged(name)
        ? `${name} keeps its weight: what stands behind it was not judged`
        : `no check is called "${name}"`;
      const hint = "write a code as `sitewright validate` prints it";
      add(problems, { code: "CHK-UNKNOWN-CODE", severity: "error", message, hint, where: origin });
    }
    for (const { name, origin } of settings.packs) {
      if (packs.has(name)) continue;
      const hint = `known: ${[...packs].sort(compareText).join(", ")}`;
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
