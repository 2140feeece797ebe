import { resolve } from "node:path";
import { namesOf } from "../../drift/attribution/heard.ts";
import { readSyslog, SyslogError } from "../../drift/attribution/read-syslog.ts";
import type { SyslogMessages } from "../../drift/attribution/syslog.ts";
import { filterComparison } from "../../drift/exposure.ts";
import { isIncident, readSiteDrift, type SiteDrift } from "../../drift/read-drift.ts";
import type { Site } from "../../model/site.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { openDeploy, showProgress } from "../deploy-context.ts";
import { type ExitReason, UsageError } from "../exit.ts";
import { runNight } from "../night.ts";
import { openChosen } from "../open.ts";
import { printDeviceDrift } from "../text/drift.ts";
import { printFindings } from "../text/findings.ts";
import { noticeLine, printNotices } from "../text/incidents.ts";

/** Compares intended, last applied and running of every chosen device, and keeps what differs as incidents. */
export async function run(
  context: CommandContext,
  selectors: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const chosen = await openChosen(context.root, selectors, options);
  const deploy = openDeploy(context.root, chosen.sites);
  const syslog = await syslogOf(textOption(options, "syslog"), chosen.sites);
  const onProgress = showProgress(context.printer, chosen.devices.size, "reading devices");
  const night = await runNight({ context, chosen, deploy, options }, async (lastClean) => {
    const read: SiteDrift[] = [];
    for (const site of chosen.sites) {
      read.push(
        await readSiteDrift(site, deploy, {
          only: chosen.devices,
          onProgress,
          lastClean,
          filters: filterComparison(site),
          ...syslog,
        }),
      );
    }
    return read;
  });
  const { drifts } = night;
  const findings = [...chosen.findings, ...night.findings];
  const devices = drifts.flatMap((drift) => drift.devices);
  const incidents = devices.flatMap((device) => device.items.filter(isIncident));
  const count = (state: string): number => devices.filter((device) => device.state === state).length;
  return {
    findings,
    result: { sites: drifts.map(withNulls), notices: night.notices.map(noticeLine), alertsSent: night.sent },
    reasons: [...findingReasons(findings), ...driftReasons(drifts), ...night.reasons],
    text: (printer) => {
      printFindings(printer, findings, chosen.frameOf);
      for (const drift of drifts) {
        printer.line(printer.style.bold(drift.site));
        for (const device of drift.devices) printDeviceDrift(printer, device);
      }
      printer.line();
      printer.line(
        `${incidents.length} unauthorised changes; ${count("clean")} clean, ${count("drift")} drifting, ` +
          `${count("unadopted")} unadopted, ${count("unreachable")} unreachable`,
      );
      printNotices(printer, night.notices);
      if (night.sent > 0) printer.line(`${night.sent} messages sent`);
    },
  };
}

/** Reads the messages of the chosen sites' devices.
 *  @throws UsageError where there is nothing to read */
async function syslogOf(
  path: string | undefined,
  sites: readonly Site[],
): Promise<{ readonly syslog?: SyslogMessages }> {
  if (path === undefined) return {};
  const hosts = new Set(sites.flatMap((site) => site.devices.flatMap(namesOf)));
  try {
    return { syslog: await readSyslog(resolve(path), hosts) };
  } catch (error) {
    if (!(error instanceof SyslogError)) throw error;
    throw new UsageError(error.message, "name a file or a folder: --syslog /var/log/remote");
  }
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
        witness: item.witness ?? null,
        incident: item.incident ?? null,
        adopted: item.adopted ?? null,
      })),
    })),
  };
}
