import type { SiteReport } from "../../report-types.ts";
import { html, type Markup } from "../html.ts";
import { type PageContext, spellTime } from "../parts.ts";

/** Name, place and state of a site at a glance. */
export function overviewSection(report: SiteReport, { say, lang }: PageContext): Markup {
  const { site, summary } = report;
  const colon = lang === "zh" ? "：" : ": ";
  const facts = [
    [say("client"), site.clientName],
    [say("site"), site.id],
    [say("criticality"), say(site.criticality)],
    [say("timezone"), site.timezone],
    [say("windows"), site.changeWindows.join("; ")],
    [
      say("contacts"),
      site.contacts.map(({ name, role }) => (role === undefined ? name : `${name} (${role})`)).join("; "),
    ],
    [say("generated"), `${spellTime(report.generatedAt)} UTC`],
  ].filter(([, value]) => value !== "");
  const { cells, findings } = summary;
  const pairs = cells.proved + cells.violated + cells.unknown;
  const broken = cells.violated + cells.unknown;
  const tiles = [
    tile("devices", "", String(summary.devices), say("deviceCount")),
    tile("ports", "", String(summary.portsUsed), say("portsUsed"), `/ ${summary.ports}`),
    tile("matrix", broken > 0 ? "bad" : "good", String(cells.proved), say("zonePairs"), `/ ${pairs}`),
    tile("findings", findings.error > 0 ? "bad" : "", String(findings.error), say("errors")),
    tile("findings", findings.warning > 0 ? "warn" : "", String(findings.warning), say("warnings")),
    tile(
      "rules",
      summary.rulesDue > 0 ? "warn" : "",
      String(summary.rules),
      say("ruleCount"),
      dueText(report, say),
    ),
    tile(
      "history",
      (summary.openIncidents ?? 0) > 0 ? "bad" : "",
      incidentCount(summary.openIncidents),
      say("incidentsOpen"),
    ),
  ];
  return html`<section class="first" id="overview"><h1>${site.name}</h1>
<ul class="facts">${facts.map(([name, value]) => html`<li>${name}${colon}<b>${value}</b></li>`)}</ul>
${verdict(report, { say })}
<div class="tiles">${tiles}</div></section>`;
}

function incidentCount(count: number | null): string {
  return count === null ? "–" : String(count);
}

function dueText({ summary }: SiteReport, say: PageContext["say"]): string {
  return summary.rulesDue === 0 ? "" : `${summary.rulesDue} ${say("due")}`;
}

function tile(to: string, mood: string, figure: string, text: string, beside = ""): Markup {
  return html`<a class="tile card ${mood}" href="#${to}"><b>${figure} <small>${beside}</small></b><span>${text}</span></a>`;
}

function verdict({ summary }: SiteReport, { say }: Pick<PageContext, "say">): Markup {
  const broken = summary.cells.violated + summary.cells.unknown;
  const errors = summary.findings.error;
  if (broken === 0 && errors === 0)
    return html`<p class="verdict good">${summary.cells.proved} ${say("zonePairs")}${say("comma")}${say("allGood")}</p>`;
  const parts = [
    ...(broken > 0 ? [`${broken} ${say("pairsBroken")}`] : []),
    ...(errors > 0 ? [`${errors} ${say("needsWork")}`] : []),
  ];
  return html`<p class="verdict bad">${parts.join(say("comma"))}</p>`;
}
