import { isIncident, readSiteDrift, type SiteDrift } from "../../drift/read-drift.ts";
import { type CommandContext, type CommandOutcome, findingReasons, type Options } from "../command.ts";
import { openDeploy, showProgress } from "../deploy-context.ts";
import type { ExitReason } from "../exit.ts";
import { openChosen } from "../open.ts";
import { printDeviceDrift } from "../text/drift.ts";
import { printFindings } from "../text/findings.ts";

/** Compares intended, last applied and running of every chosen device. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const deploy = openDeploy(context.root, chosen.sites);
  const onProgress = showProgress(context.printer, chosen.devices.size, "reading devices");
  const drifts: SiteDrift[] = [];
  for (const site of chosen.sites) {
    drifts.push(await readSiteDrift(site, deploy, { only: chosen.devices, onProgress }));
  }
  const devices = drifts.flatMap((drift) => drift.devices);
  const incidents = devices.flatMap((device) => device.items.filter(isIncident));
  const count = (state: string): number => devices.filter((device) => device.state === state).length;
  return {
    findings: chosen.findings,
    result: { sites: drifts.map(withNulls) },
    reasons: [...findingReasons(chosen.findings), ...driftReasons(drifts)],
    text: (printer) => {
      printFindings(printer, chosen.findings, chosen.frameOf);
      for (const drift of drifts) {
        printer.line(printer.style.bold(drift.site));
        for (const device of drift.devices) printDeviceDrift(printer, device);
      }
      printer.line();
      printer.line(
        `${incidents.length} unauthorised changes; ${count("clean")} clean, ${count("drift")} drifting, ` +
          `${count("unadopted")} unadopted, ${count("unreachable")} unreachable`,
      );
    },
  };
}

function driftReasons(drifts: readonly SiteDrift[]): ExitReason[] {
  const devices = drifts.flatMap((drift) => drift.devices);
  const unread = devices
    .filter((device) => device.state === "unreachable")
    .map(
      (device): ExitReason => ({
        code: 3,
        reason: "incomplete",
        subject: `${device.device}: ${device.reason}`,
      }),
    );
  const drifting = devices.some((device) => device.items.some(isIncident));
  return [...unread, ...(drifting ? [{ code: 2, reason: "difference" } as const] : [])];
}

/** JSON has no undefined: what is not known is null, so that every item has every key. */
function withNulls(drift: SiteDrift): unknown {
  return {
    site: drift.site,
    devices: drift.devices.map((device) => ({
      ...device,
      items: device.items.map((item) => ({
        ...item,
        intended: item.intended ?? null,
        applied: item.applied ?? null,
        running: item.running ?? null,
        by: { name: item.by.name ?? null, confidence: item.by.confidence },
        at: item.at ?? null,
        from: item.from ?? null,
        evidence: item.evidence ?? null,
        incident: item.incident ?? null,
      })),
    })),
  };
}
