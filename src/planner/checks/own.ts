import type { Finding, Severity } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { defineCheck } from "./define.ts";
import type { Check, CheckContext, Problem } from "./types.ts";

/** A check of a workspace's own, as its file in `checks/` writes it. */
export interface OwnCheckDefinition {
  /** Capitals, a dash, three digits: `ACME-001`; the areas of the catalogue are taken. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters. */
  readonly rationale: string;
  /** What to type. */
  readonly mend: string;
  /** What is wrong with a site; it reads nothing but what it is given. */
  readonly find: (site: Site, context: CheckContext) => readonly Problem[];
}

/** A check that a workspace brings along. */
export interface OwnCheck extends Check {
  readonly own: true;
}

const ID = /^[A-Z][A-Z0-9]{1,7}-\d{3}$/;
const CATALOGUE_AREAS: ReadonlySet<string> = new Set(
  "RUL L2 RED BKP CHG AST DRF SYS ZON IPP MGT NAM CRD INV REF OWN".split(" "),
);

/** Makes a check of a workspace's own. One that throws is a finding of its own, never a crash.
 *  @throws RangeError where the id is none that an own check may have */
export function ownCheck(definition: OwnCheckDefinition): OwnCheck {
  const { id, title, rationale, mend, severity, find } = definition;
  const area = id.slice(0, id.indexOf("-"));
  if (!ID.test(id)) throw new RangeError(`"${id}" is no id of a check: write capitals, a dash, three digits`);
  if (CATALOGUE_AREAS.has(area))
    throw new RangeError(`${area} belongs to the catalogue: take another area for ${id}`);
  const check = defineCheck({
    id,
    severity,
    title: { en: title, zh: title },
    rationale: { en: rationale, zh: rationale },
    mend: { en: mend, zh: mend },
    find,
  });
  const evaluate: Check["evaluate"] = (site, context) => {
    try {
      return check.evaluate(site, context);
    } catch (error) {
      return { findings: [threw(id, site, error)], missing: [`${id} threw`] };
    }
  };
  return { ...check, evaluate, own: true };
}

function threw(id: string, site: Site, error: unknown): Finding {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: "OWN-THREW",
    severity: "error",
    message: `${id} threw: ${reason}`.replaceAll(/\s+/g, " ").slice(0, 100),
    hint: `mend the check in checks/; try it with findingsOf of "sitewright/checks"`,
    where: site.origin,
  };
}
