import { spellCulprit, spellIncident } from "../../registers/incidents.ts";
import type { ReportRule, SiteReport } from "../../report-types.ts";
import { anchor } from "../anchor.ts";
import { html, type Markup } from "../html.ts";
import { nothing, type PageContext, section, spellTime, table, tag, zoneTag } from "../parts.ts";

/** The list of devices with what an owner asks for. */
export function devicesSection(report: SiteReport, { say }: PageContext): Markup {
  const rows = report.devices.map((device) => {
    const serials = device.serial ?? device.members.map(({ serial }) => serial ?? "").join(", ");
    return html`<tr id="${anchor("device", device.name)}" data-find="${device.name}"><td><a href="#${anchor("ports", device.name)}"><b>${device.name}</b></a><div class="sub">${device.role ?? say(device.kind)}</div></td><td class="nowrap">${device.asset}</td><td>${device.model}<div class="sub">${device.firmware}</div></td><td class="mono">${serials}</td><td class="mono nowrap">${device.management}</td><td>${device.location}</td><td>${device.owner}</td><td class="nowrap">${device.warranty}</td></tr>`;
  });
  const words = [
    "device",
    "asset",
    "model",
    "serial",
    "management",
    "location",
    "owner",
    "warranty",
  ] as const;
  return section("devices", say("devices"), html`<div class="card">${table(say, words, rows)}</div>`);
}

/** The rules in their order, with who answers for them, and the exceptions. */
export function rulesSection(report: SiteReport, context: PageContext): Markup {
  const { say } = context;
  const rows = report.rules.map((rule) => ruleRow(rule, context));
  const words = ["rule", "from", "to", "services", "reason", "owner", "ticket", "review"] as const;
  const exceptions = report.exceptions.map(
    (each) =>
      html`<tr id="${anchor("exception", each.id)}" data-find=""><td class="nowrap"><b>${each.id}</b></td><td>${zoneTag(context, each.from)} → ${zoneTag(context, each.to)}</td><td>${each.services.join(", ")}</td><td>${each.reason}</td><td>${each.owner}<div class="sub">${each.approver}</div></td><td class="nowrap">${each.ticket}</td><td class="nowrap">${each.expires} ${each.expired ? tag(say("expired"), "bad") : undefined}</td></tr>`,
  );
  const below =
    exceptions.length === 0
      ? undefined
      : html`<h3 class="next">${say("exceptions")}</h3><div class="card">${table(say, ["name", "cell", "services", "reason", "owner", "ticket", "expires"], exceptions)}</div>`;
  return section("rules", say("rules"), html`<div class="card">${table(say, words, rows)}</div>${below}`);
}

function ruleRow(rule: ReportRule, context: PageContext): Markup {
  const { say } = context;
  const due =
    rule.due === null
      ? undefined
      : tag(say(rule.due === "expired" ? "expired" : "dueReview"), rule.due === "expired" ? "bad" : "warn");
  const marks = [
    rule.action === "deny" ? tag("deny", "bad") : undefined,
    rule.source === "site" ? undefined : tag(rule.source === "implied" ? say("implied") : say("client")),
  ];
  return html`<tr id="${anchor("rule", rule.id)}" data-find=""><td class="nowrap"><b>${rule.id}</b> ${marks}</td><td>${rule.from}<div>${rule.fromZones.map((zone) => zoneTag(context, zone))}</div></td><td>${rule.to}<div>${rule.toZones.map((zone) => zoneTag(context, zone))}</div></td><td>${rule.services.join(", ")}<div class="sub">${rule.log ? say("log") : ""}</div></td><td>${rule.reason}</td><td>${rule.owner}</td><td class="nowrap">${rule.ticket}</td><td class="nowrap">${rule.review ?? rule.expires} ${due}</td></tr>`;
}

/** What was changed by us, and what changed behind our back. */
export function historySection(report: SiteReport, { say }: PageContext): Markup {
  const incidents = report.incidents.entries.map(
    (each) =>
      html`<tr id="${anchor("incident", each.id)}" data-find=""><td class="nowrap">${spellTime(each.openedAt)}</td><td>${tag(each.priority, each.closedAt === null ? "bad" : "")}</td><td class="nowrap">${each.device}</td><td>${spellIncident(each, say)}</td><td>${spellCulprit(each, say)}</td><td class="nowrap">${each.closedAt === null ? say(`state_${each.state}`) : spellTime(each.closedAt)}</td></tr>`,
  );
  const changes = report.changes.entries.map(
    (each) =>
      html`<tr id="${anchor("change", each.id)}" data-find=""><td class="nowrap">${spellTime(each.at)}</td><td class="nowrap">${each.device}</td><td>${each.operator}</td><td class="num">${each.commands}</td><td>${each.ticket}</td><td>${each.approver}</td><td class="mono">${each.plan?.slice(0, 19)}</td></tr>`,
  );
  const first = !report.incidents.known
    ? nothing(say("noData"))
    : incidents.length === 0
      ? nothing(say("noIncidents"))
      : html`<div class="card">${table(say, ["opened", "priority", "device", "summary", "operator", "state"], incidents)}</div>`;
  const second =
    changes.length === 0
      ? nothing(say("noData"))
      : html`<div class="card">${table(say, ["time", "device", "operator", "commands", "ticket", "approver", "plan"], changes)}</div>`;
  return html`${section("history", say("drift"), first)}${section("changes", say("changes"), second)}`;
}

/** Backup jobs of servers, and what the archive holds of each device. */
export function backupsSection(report: SiteReport, { say }: PageContext): Markup {
  const { jobs, configurations } = report.backups;
  const jobRows = jobs.map(
    (job) =>
      html`<tr id="${anchor("job", job.server, job.name)}" data-find=""><td class="nowrap"><b>${job.server}</b></td><td>${job.name}<div class="sub mono">${job.path}</div></td><td class="nowrap">${job.at}</td><td>${job.targets.join(", ")} ${job.offsite ? tag(say("offsite"), "good") : undefined}</td><td class="nowrap">${job.keep}</td><td class="num">${job.rpoHours}</td><td class="num">${job.rtoHours}</td><td class="num">${job.restoreTestDays}</td></tr>`,
  );
  const kept = configurations.filter((each) => each.at !== null);
  const keptRows = configurations.map(
    (each) =>
      html`<tr><td class="nowrap"><b>${each.device}</b></td><td class="nowrap">${each.at === null ? tag(say("never")) : spellTime(each.at)}</td><td class="num">${each.copies}</td><td>${each.restorable ? say("yes") : say("no")}</td></tr>`,
  );
  const first =
    jobs.length === 0
      ? nothing(say("noBackups"))
      : html`<div class="card">${table(say, ["server", "job", "at", "target", "keep", "rpo", "rto", "restoreTest"], jobRows)}</div>`;
  const second =
    kept.length === 0
      ? nothing(say("noData"))
      : html`<div class="card">${table(say, ["device", "configBackup", "copies", "restorable"], keptRows)}</div>`;
  const title = html`<h3 class="next">${say("archive")}</h3>`;
  return section("backups", say("backups"), html`${first}${title}${second}`);
}
