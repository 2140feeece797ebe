import type { Finding, Severity } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { CONTROLS } from "./controls.gen.ts";
import type { Check, CheckContext, Decider, LocalText, Needs, Outcome, Problem } from "./types.ts";

/** A check as its file writes it. */
export interface CheckDefinition {
  readonly id: string;
  readonly title: LocalText;
  readonly severity: Severity;
  /** `inventory` where absent. */
  readonly needs?: Needs;
  /** `check` alone where absent. */
  readonly decidedBy?: readonly Decider[];
  readonly rationale: LocalText;
  readonly mend: LocalText;
  readonly reads?: LocalText;
  /** Absent where others decide all of it. */
  readonly find?: (site: Site, context: CheckContext) => readonly Problem[] | Outcome;
}

/** Makes a check of its definition: area from the id, controls from the packs, findings with its code. */
export function defineCheck(definition: CheckDefinition): Check {
  const { id, severity, find, needs, decidedBy, ...page } = definition;
  return {
    ...page,
    id,
    severity,
    area: id.slice(0, id.indexOf("-")),
    controls: CONTROLS[id] ?? [],
    needs: needs ?? "inventory",
    decidedBy: decidedBy ?? ["check"],
    evaluate: (site, context) => {
      const found = find?.(site, context) ?? [];
      const outcome = "problems" in found ? found : { problems: found, missing: [] };
      return {
        findings: outcome.problems.map((problem) => toFinding(id, severity, problem)),
        missing: outcome.missing,
      };
    },
  };
}

/** A message is one line of at most so many characters; long names are cut rather than wrapped. */
const MAX_MESSAGE_CHARS = 100;

function oneLine(message: string): string {
  const line = message.replaceAll(/\s+/g, " ");
  return line.length <= MAX_MESSAGE_CHARS ? line : `${line.slice(0, MAX_MESSAGE_CHARS - 1)}…`;
}

function toFinding(code: string, severity: Severity, problem: Problem): Finding {
  const { where, hint, related } = problem;
  const message = oneLine(problem.message);
  const finding = { code, severity: problem.severity ?? severity, message, hint, where };
  return related === undefined || related.length === 0 ? finding : { ...finding, related };
}
