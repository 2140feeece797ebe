import type { SiteReport } from "../report-types.ts";
import type { Drawing } from "../topology/layout.ts";
import { drawSvg } from "../topology/svg.ts";
import { html, type Markup } from "./html.ts";
import { spellPage } from "./page.ts";
import { huesOf, type PageContext, section } from "./parts.ts";
import { complianceSection, findingsSection } from "./sections/judged.ts";
import { matrixSection } from "./sections/matrix.ts";
import { networksSection } from "./sections/networks.ts";
import { overviewSection } from "./sections/overview.ts";
import { deviceAnchor, portsSection } from "./sections/ports.ts";
import { backupsSection, devicesSection, historySection, rulesSection } from "./sections/tables.ts";
import { type Language, type Word, wordsOf } from "./words.ts";

/** Spells a site's report as one page that works from a disk. */
export function sitePage(report: SiteReport, drawing: Drawing, lang: Language): string {
  const say = wordsOf(lang);
  const context: PageContext = { lang, say, hue: huesOf(report.zones) };
  const tabs: readonly (readonly [string, Word])[] = [
    ["overview", "overview"],
    ["topology", "topology"],
    ["matrix", "matrix"],
    ["networks", "ipPlan"],
    ["ports", "ports"],
    ["rules", "rules"],
    ["findings", "findings"],
    ["compliance", "compliance"],
    ["history", "drift"],
    ["changes", "changes"],
    ["backups", "backups"],
    ["devices", "devices"],
  ];
  const { name, clientName } = report.site;
  const main = html`<main class="wrap">
${overviewSection(report, context)}
${topologySection(report, drawing, context)}
${matrixSection(report, context)}
${networksSection(report, context)}
${portsSection(report, context)}
${rulesSection(report, context)}
${findingsSection(report, context)}
${complianceSection(report, context)}
${historySection(report, context)}
${backupsSection(report, context)}
${devicesSection(report, context)}
</main>`;
  const body = html`${topBar(context, name, clientName, tabs)}${main}${footer(report, context)}`;
  return spellPage({ lang, title: `${clientName} · ${name}`, body });
}

/** The bar that stays on top: name, search, dark or light, and the parts of the page. */
export function topBar(
  { say }: PageContext,
  name: string,
  beside: string,
  tabs: readonly (readonly [string, Word])[],
): Markup {
  const links = tabs.map(([id, word]) => html`<a href="#${id}">${say(word)}</a>`);
  return html`<header class="top"><div class="wrap"><div class="bar"><div class="brand">${name}<small>${beside}</small></div>
<div class="seek"><input id="search" type="search" autocomplete="off" placeholder="${say("search")}" aria-label="${say("search")}"><ul class="hits" id="hits" data-none="${say("noMatch")}" hidden></ul></div>
<button class="theme" id="theme" type="button" title="${say("dark")}" aria-label="${say("dark")}"><svg viewBox="0 0 24 24"><circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/></svg></button></div>
<nav class="tabs">${links}</nav></div></header>
`;
}

/** When the page was made. */
export function footer(report: { readonly generatedAt: string }, { say }: PageContext): Markup {
  return html`<footer><div class="wrap">Sitewright · ${say("generated")} ${report.generatedAt}</div></footer>`;
}

function topologySection(report: SiteReport, drawing: Drawing, { say }: PageContext): Markup {
  const targets = new Map(report.devices.map((device) => [device.name, deviceAnchor(device)]));
  const svg = drawSvg(drawing, {
    title: say("topology"),
    target: (node) => targets.get(node.id),
    count: (count) => `${count} ${say("deviceCount")}`,
  });
  const card = html`<div class="card pad"><div class="scroll">${svg}</div></div>`;
  return section("topology", say("topology"), card, say("topologyLead"));
}
