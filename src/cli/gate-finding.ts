import type { GateError } from "../deploy/apply-site.ts";
import type { Finding } from "../model/finding.ts";
import type { Site } from "../model/site.ts";
import type { ExitReason } from "./exit.ts";

/** Why a run ends with code 1 although nothing of the inventory is wrong. */
export const GATE: ExitReason = { code: 1, reason: "gate" };

/** What the gate of a site said no to, as people read it. */
export function gateFinding(site: Pick<Site, "origin">, error: GateError): Finding {
  return {
    code: error.code,
    severity: "error",
    message: error.message,
    hint: error.hint,
    where: site.origin,
  };
}
