import {
  type AlertChannel,
  type AlertSettings,
  PRIORITIES,
  type Priority,
  type ResponseTarget,
  type ServiceHours,
} from "../../model/alert.ts";
import { parseSecretRef, type SecretRef } from "../../model/secret.ts";
import type { Workspace } from "../read/workspace.ts";
import type { ClientFile, SiteFile } from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { durationSeconds } from "../units.ts";
import type { SiteBase } from "./base.ts";
import { Documents } from "./documents.ts";
import type { Findings } from "./findings.ts";
import { levelsOf, mergeSite } from "./layers-of.ts";

type AlertsFile = NonNullable<SiteFile["alerts"]>;
type ChannelFile = NonNullable<AlertsFile["channels"]>[string];

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What service providers promise where a contract says nothing else. */
const TARGETS: Readonly<Record<Priority, ResponseTarget>> = {
  P1: { respondMs: 15 * MINUTE_MS, resolveMs: 4 * HOUR_MS },
  P2: { respondMs: 30 * MINUTE_MS, resolveMs: 8 * HOUR_MS },
  P3: { respondMs: 4 * HOUR_MS, resolveMs: 24 * HOUR_MS },
  P4: { respondMs: 8 * HOUR_MS, resolveMs: 80 * HOUR_MS },
};

/** Settles how the incidents of sites are told: provider, client and site laid over each other. What is wrong with them
 *  is found by `validate`; a channel that lacks what it needs is left out here.
 *  @returns settings by `client/site` */
export function resolveAlerts(workspace: Workspace, siteIds: readonly string[]): Map<string, AlertSettings> {
  const documents = new Documents(workspace);
  const settings = new Map<string, AlertSettings>();
  for (const id of siteIds) {
    const [client = "", site = ""] = id.split("/");
    const levels = levelsOf(documents, client, site);
    const merged = new Places().read<SiteFile>(mergeSite(levels));
    const clientLevel = levels.find((level) => level.name === "client");
    const own = clientLevel ? new Places().read<ClientFile>(clientLevel.node) : undefined;
    settings.set(id, settle(merged.alerts ?? {}, merged.timezone ?? "Etc/UTC", own?.sla ?? "24x7"));
  }
  return settings;
}

/** Finds channels that lack what their kind needs. */
export function checkAlerts(base: SiteBase, findings: Findings): void {
  const { settings, places } = base;
  for (const [name, channel] of Object.entries(settings.alerts?.channels ?? {})) {
    for (const [message, hint] of mistakesOf(name, channel)) {
      findings.report("ALERT-CHANNEL", places.of(channel), message, hint);
    }
  }
}

function mistakesOf(name: string, channel: ChannelFile): (readonly [string, string])[] {
  const mistakes: (readonly [string, string])[] = [];
  const wants = (key: keyof ChannelFile, example: string): void => {
    if (channel[key] !== undefined) return;
    mistakes.push([`the channel ${name} (${channel.type}) has no ${key}`, `add ${key}: ${example}`]);
  };
  if (channel.type !== "email") {
    wants("url", `env:${name.toUpperCase().replaceAll("-", "_")}_URL@1`);
    if (channel.type === "webhook") wants("secret", `env:${name.toUpperCase().replaceAll("-", "_")}_KEY@1`);
    return mistakes;
  }
  wants("server", "smtp.example:587");
  wants("from", "night@msp.example");
  if ((channel.to ?? []).length === 0)
    mistakes.push([`the channel ${name} writes to nobody`, "add to: [duty@msp.example]"]);
  if (channel.security === "none" && channel.password !== undefined)
    mistakes.push([
      `the channel ${name} would send its password in clear`,
      "write security: tls or starttls, or take the password away",
    ]);
  return mistakes;
}

function settle(alerts: AlertsFile, timezone: string, hours: ServiceHours): AlertSettings {
  const targets = Object.fromEntries(
    PRIORITIES.map((priority) => [priority, targetOf(TARGETS[priority], alerts.targets?.[priority])]),
  ) as Record<Priority, ResponseTarget>;
  return {
    language: alerts.language ?? "en",
    timezone,
    hours,
    channels: Object.entries(alerts.channels ?? {}).flatMap(
      ([name, channel]) => channelOf(name, channel) ?? [],
    ),
    targets,
    unreadableNights: alerts.unreadableNights ?? 3,
    problem: {
      openings: alerts.problem?.openings ?? 3,
      withinMs: alerts.problem?.within === undefined ? 30 * DAY_MS : durationMs(alerts.problem.within),
    },
  };
}

function targetOf(
  usual: ResponseTarget,
  given: { readonly respond?: string; readonly resolve?: string } | undefined,
): ResponseTarget {
  return {
    respondMs: given?.respond === undefined ? usual.respondMs : durationMs(given.respond),
    resolveMs: given?.resolve === undefined ? usual.resolveMs : durationMs(given.resolve),
  };
}

function channelOf(name: string, channel: ChannelFile): AlertChannel | undefined {
  if (channel.type === undefined || mistakesOf(name, channel).length > 0) return undefined;
  const base = { name, minimum: channel.minimum ?? "P4", closed: channel.closed ?? true } as const;
  const secret = refOf(channel.secret);
  if (channel.type !== "email") {
    const url = refOf(channel.url);
    return url && { ...base, type: channel.type, url, ...(secret ? { secret } : {}) };
  }
  const [host = "", port = "25"] = (channel.server ?? "").split(":");
  const password = refOf(channel.password);
  return {
    ...base,
    type: "email",
    host,
    port: Number(port),
    security: channel.security ?? "starttls",
    from: channel.from ?? "",
    to: channel.to ?? [],
    ...(channel.user === undefined ? {} : { user: channel.user }),
    ...(password ? { password } : {}),
  };
}

function refOf(text: string | undefined): SecretRef | undefined {
  return text === undefined ? undefined : parseSecretRef(text);
}

function durationMs(text: string): number {
  return durationSeconds(text) * 1000;
}
