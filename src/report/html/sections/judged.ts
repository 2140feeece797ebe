import { compareText } from "../../../model/finding.ts";
import type { ReportFinding, ReportPack, SiteReport } from "../../report-types.ts";
import { anchor } from "../anchor.ts";
import { html, type Markup } from "../html.ts";
import { coded, nothing, type PageContext, section, tag } from "../parts.ts";
import { spellCounts, stackBar } from "../stack-bar.ts";

const WEIGHT = { error: 0, warning: 1, info: 2 } as const;
const MOOD = { error: "bad", warning: "warn", info: "" } as const;

/** Findings by their code, the heaviest first. */
export function findingsSection(report: SiteReport, context: PageContext): Markup {
  const { say } = context;
  if (report.findings.length === 0) return section("findings", say("findings"), nothing(say("noFindings")));
  const groups = new Map<string, ReportFinding[]>();
  for (const finding of report.findings) {
    const key = `${WEIGHT[finding.severity]}${finding.waiver === null ? 0 : 1} ${finding.code}`;
    const list = groups.get(key);
    if (list) list.push(finding);
    else groups.set(key, [finding]);
  }
  const sorted = [...groups].sort(([a], [b]) => compareText(a, b));
  const items = sorted.map(([key, list]) => findingGroup(key, list, context));
  return section("findings", say("findings"), html`<div class="card">${items}</div>`);
}

function findingGroup(key: string, findings: readonly ReportFinding[], { say, lang }: PageContext): Markup {
  const [first] = findings;
  if (first === undefined) return html``;
  const title = first.title?.[lang] ?? first.message;
  // The sentences of findings are English; who reads another language is told first what to do.
  const mend = lang === "en" ? undefined : first.mend?.[lang];
  const advice =
    mend === undefined ? undefined : html`<p class="advice"><b>${say("hint")}</b> ${coded(mend)}</p>`;
  const waived = first.waiver === null ? undefined : tag(say("waived"));
  const items = findings.map(
    ({ message, hint, where, waiver }) =>
      html`<li>${message}<div class="sub">${hint}</div><code>${where}</code>${waiver === null ? undefined : html`<div class="sub">${say("waived")}: ${waiver.owner}, ${waiver.reason}, ${waiver.expires}</div>`}</li>`,
  );
  return html`<details class="group" id="${anchor("finding", key)}" data-find=""><summary>${tag(say(first.severity), MOOD[first.severity])}<b>${title}</b>${waived}<span class="sub">${first.code} × ${findings.length}</span></summary>${advice}<ul>${items}</ul></details>`;
}

/** Each standard with what it asks for. */
export function complianceSection(report: SiteReport, context: PageContext): Markup {
  const { say } = context;
  const packs = report.compliance
    .filter((pack) => pack.controls.length > 0)
    .map((pack) => packGroup(pack, context));
  return section("compliance", say("compliance"), html`<div class="card">${packs}</div>`);
}

function packGroup(pack: ReportPack, { say, lang }: PageContext): Markup {
  const moods = { met: "good", waived: "warn", "not-met": "bad", "not-evaluated": "" } as const;
  const items = pack.controls.map(
    (control) =>
      html`<li>${tag(say(control.state), moods[control.state])} <b>${control.id}</b> ${control.title[lang]}</li>`,
  );
  return html`<details class="group pack" id="${anchor("pack", pack.pack)}" data-find=""><summary><b>${pack.title[lang]}</b><span class="sub">${spellCounts(pack.counts, say)}</span>${stackBar(pack.counts, say)}</summary><ul>${items}</ul></details>`;
}
