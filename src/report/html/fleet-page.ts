import type { FleetReport, FleetSite } from "../fleet-report.ts";
import type { ReportPack } from "../report-types.ts";
import { anchor } from "./anchor.ts";
import { html, type Markup } from "./html.ts";
import { spellPage } from "./page.ts";
import { nothing, type PageContext, section, spellTime, table, tag } from "./parts.ts";
import { topBar } from "./site-page.ts";
import { stackBar } from "./stack-bar.ts";
import { type Language, wordsOf } from "./words.ts";

/** Spells the report of many sites as one page. Each site's own page is expected beside it.
 *  @param fileOf - name of a site's page, without a folder */
export function fleetPage(report: FleetReport, lang: Language, fileOf: (site: string) => string): string {
  const say = wordsOf(lang);
  const context: PageContext = { lang, say, hue: () => "" };
  const title = say("fleetReport");
  const body = html`${topBar(context, title, `${report.sites.length} ${say("sites")}`, [
    ["overview", "overview"],
    ["sites", "sitesHead"],
    ["errors", "errorsHead"],
    ["due", "dueHead"],
    ["compliance", "compliance"],
  ])}<main class="wrap">
${overview(report, context)}
${sitesSection(report, context, fileOf)}
${errorsSection(report, context)}
${dueSection(report, context)}
${complianceTable(report, context)}
</main><footer><div class="wrap">Sitewright · ${say("generated")} ${spellTime(report.generatedAt)} UTC</div></footer>`;
  return spellPage({ lang, title, body });
}

function overview({ sites }: FleetReport, { say }: PageContext): Markup {
  const sum = (of: (site: FleetSite) => number): number => sites.reduce((total, site) => total + of(site), 0);
  const broken = sum(brokenPairs);
  const errors = sum((site) => site.summary.findings.error);
  const warnings = sum((site) => site.summary.findings.warning);
  const tiles: readonly (readonly [string, string, number, string])[] = [
    ["sites", "", sites.length, say("sites")],
    ["sites", "", sum((site) => site.summary.devices), say("deviceCount")],
    ["sites", broken > 0 ? "bad" : "good", broken, say("pairsOpen")],
    ["errors", errors > 0 ? "bad" : "", errors, say("errors")],
    ["sites", warnings > 0 ? "warn" : "", warnings, say("warnings")],
  ];
  return html`<section class="first" id="overview"><h1>${say("fleetReport")}</h1><div class="tiles">${tiles.map(([to, mood, figure, text]) => html`<a class="tile card ${mood}" href="#${to}"><b>${figure}</b><span>${text}</span></a>`)}</div></section>`;
}

function brokenPairs({ summary }: FleetSite): number {
  return summary.cells.violated + summary.cells.unknown;
}

function sitesSection(report: FleetReport, { say }: PageContext, fileOf: (site: string) => string): Markup {
  const rows = report.sites.map((site) => {
    const { summary } = site;
    const broken = brokenPairs(site);
    const pairs = broken > 0 ? tag(`${broken} ${say("violated")}`, "bad") : tag(say("proved"), "good");
    const { error, warning } = summary.findings;
    return html`<tr id="${anchor("site", site.id)}" data-find="${site.name}"><td><a href="./${fileOf(site.id)}"><b>${site.name}</b></a><div class="sub">${site.clientName} · ${site.id}</div></td><td>${say(site.criticality)}</td><td class="num">${summary.devices}</td><td class="num nowrap">${summary.portsUsed} / ${summary.ports}</td><td>${pairs}</td><td class="num">${error > 0 ? tag(String(error), "bad") : error}</td><td class="num">${warning}</td><td class="num">${summary.rules}</td><td class="num">${summary.openIncidents ?? "–"}</td></tr>`;
  });
  const words = [
    "site",
    "criticality",
    "devices",
    "ports",
    "matrix",
    "errorsHead",
    "warningsHead",
    "rules",
    "incidents",
  ] as const;
  return section("sites", say("sitesHead"), html`<div class="card">${table(say, words, rows)}</div>`);
}

function errorsSection(report: FleetReport, { say, lang }: PageContext): Markup {
  if (report.errors.length === 0) return section("errors", say("errorsHead"), nothing(say("noErrors")));
  const rows = report.errors.map(
    (error, index) =>
      html`<tr id="${anchor("error", String(index))}" data-find=""><td class="nowrap">${error.site}</td><td class="nowrap">${error.code}</td><td>${error.title?.[lang]}<div>${error.message}</div><div class="sub">${error.hint}</div></td><td><code>${error.where}</code></td></tr>`,
  );
  return section(
    "errors",
    say("errorsHead"),
    html`<div class="card">${table(say, ["site", "code", "detail", "place"], rows)}</div>`,
  );
}

function dueSection(report: FleetReport, { say }: PageContext): Markup {
  const rules = report.rulesDue.map((rule) => ({
    site: rule.site,
    name: rule.id,
    what: say(rule.due === "expired" ? "expired" : "dueReview"),
    day: (rule.due === "expired" ? rule.expires : rule.review) ?? "",
    owner: rule.owner ?? "",
  }));
  const devices = report.ending.map(({ site, device, what, day }) => ({
    site,
    name: device,
    what: say(what),
    day,
    owner: "",
  }));
  const all = [...rules, ...devices];
  if (all.length === 0) return section("due", say("dueHead"), nothing(say("nothingDue")));
  const rows = all.map(
    (each, index) =>
      html`<tr id="${anchor("due", String(index))}" data-find="${each.name}"><td class="nowrap">${each.day}</td><td>${each.site}</td><td><b>${each.name}</b></td><td>${each.what}</td><td>${each.owner}</td></tr>`,
  );
  return section(
    "due",
    say("dueHead"),
    html`<div class="card">${table(say, ["time", "site", "name", "summary", "owner"], rows)}</div>`,
  );
}

function complianceCell(counts: ReportPack["counts"], { say }: PageContext): Markup {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  // A standard about platforms that do not stand at this site asks nothing of it.
  if (total === 0) return html`<span class="sub">–</span>`;
  return html`${stackBar(counts, say)}<span class="sub">${counts.met} / ${total}</span>`;
}

function complianceTable(report: FleetReport, context: PageContext): Markup {
  const { say, lang } = context;
  const head = report.packs.map(({ title }) => html`<th scope="col">${title[lang]}</th>`);
  const rows = report.sites.map((site) => {
    const cells = report.packs.map(({ pack }) => {
      const counts = site.compliance[pack];
      return html`<td>${counts === undefined ? undefined : complianceCell(counts, context)}</td>`;
    });
    return html`<tr><th scope="row">${site.name}</th>${cells}</tr>`;
  });
  const body = html`<div class="card"><div class="scroll"><table class="packs"><thead><tr><th></th>${head}</tr></thead><tbody>${rows}</tbody></table></div></div>`;
  return section("compliance", say("compliance"), body);
}
