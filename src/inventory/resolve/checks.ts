import { formatAddress } from "../../model/address.ts";
import { compareText } from "../../model/finding.ts";
import type { CheckIntent } from "../../model/intent.ts";
import type { Check } from "../schema/types.gen.ts";
import { durationSeconds } from "../units.ts";
import type { Findings } from "./findings.ts";
import type { Names } from "./names.ts";
import type { Machine } from "./system.ts";

/** How long a probe may take unless it says so. */
const DEFAULT_WITHIN = "30s";

/** Settles the probes of a device or server, sorted by name. */
export function checkIntents(machine: Machine, names: Names, findings: Findings): CheckIntent[] {
  const checks = machine.data.checks ?? {};
  return Object.entries(checks)
    .flatMap(([name, check]) => checkIntent(name, check, machine, names, findings) ?? [])
    .sort((a, b) => compareText(a.name, b.name));
}

function checkIntent(
  name: string,
  check: Check,
  machine: Machine,
  names: Names,
  findings: Findings,
): CheckIntent | undefined {
  const origin = machine.places.key(machine.data.checks ?? {}, name);
  const trouble = troubleOf(check);
  if (trouble) {
    findings.report("CHK-FORM", origin, `the check "${name}" ${trouble.what}`, trouble.hint);
    return undefined;
  }
  const kind = check.ping === undefined ? "tcp" : "ping";
  const whom = check.ping ?? check.tcp ?? "";
  const [address] = names.addresses(whom, machine.places.value(check, kind));
  if (!address) return undefined;
  const base = {
    name,
    address: formatAddress(address),
    withinSeconds: durationSeconds(check.within ?? DEFAULT_WITHIN),
    origin,
  };
  return check.port === undefined ? { ...base, kind: "ping" } : { ...base, kind: "tcp", port: check.port };
}

interface Trouble {
  readonly what: string;
  readonly hint: string;
}

function troubleOf(check: Check): Trouble | undefined {
  const { ping, tcp, port } = check;
  if (ping === undefined && tcp === undefined)
    return { what: "asks nobody", hint: "write ping: NAME, or tcp: NAME with port: 443" };
  if (ping !== undefined && tcp !== undefined)
    return { what: "says both ping and tcp", hint: "make two checks of it" };
  if (tcp !== undefined && port === undefined)
    return { what: "gives tcp without a port", hint: "add port: 443, or whichever must answer" };
  if (ping !== undefined && port !== undefined)
    return { what: "gives ping a port", hint: "take port away, or write tcp instead of ping" };
  return undefined;
}
