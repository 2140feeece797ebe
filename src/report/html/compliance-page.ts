import type { Finding } from "../../model/finding.ts";
import type { ControlResult } from "../../planner/checks/pack.ts";
import { type ComplianceReport, spellWaiver } from "../compliance-report.ts";
import { plainPlace } from "../places.ts";
import { anchor } from "./anchor.ts";
import { html, type Markup } from "./html.ts";
import { spellPage } from "./page.ts";
import { huesOf, type PageContext, section, tag } from "./parts.ts";
import { footer, topBar } from "./site-page.ts";
import { spellCounts, stackBar } from "./stack-bar.ts";
import { type Language, type Word, wordsOf } from "./words.ts";

const MOODS = { met: "good", waived: "warn", "not-met": "bad", "not-evaluated": "" } as const;
const STATES = ["not-met", "not-evaluated", "waived", "met"] as const;

/** Spells what a standard asks of some sites as one page that works from a disk: what is not met comes first. */
export function compliancePage(report: ComplianceReport, lang: Language): string {
  const say = wordsOf(lang);
  const context: PageContext = { lang, say, hue: huesOf([]) };
  const { pack, result, sites } = report;
  const groups = STATES.map((state) => ({
    state,
    controls: result.controls.filter((each) => each.state === state),
  })).filter(({ controls }) => controls.length > 0);
  const tabs = groups.map(({ state }): readonly [string, Word] => [state, state]);
  const main = html`<main class="wrap">
${section(
  "overview",
  say("compliance"),
  html`<div class="card pad"><p>${sites.join(say("comma"))}</p><p>${spellCounts(result.counts, say)}</p>${stackBar(result.counts, say)}${apart(report, context)}</div>`,
)}
${groups.map(({ state, controls }) =>
  section(
    state,
    `${say(state)} · ${controls.length}`,
    html`<div class="card">${controls.map((each) => controlGroup(each, context))}</div>`,
  ),
)}
</main>`;
  const title = pack.title[lang];
  const body = html`${topBar(context, title, pack.source, [["overview", "overview"], ...tabs])}${main}${footer(report, context)}`;
  return spellPage({ lang, title, body });
}

/** Controls that are about platforms which do not stand here: told, since they are in no count. */
function apart({ result }: ComplianceReport, { say }: PageContext): Markup | undefined {
  if (result.notApplicable.length === 0) return undefined;
  return html`<p class="sub">${say("otherPlatforms")}: ${result.notApplicable.join(say("comma"))}</p>`;
}

function controlGroup(each: ControlResult, context: PageContext): Markup {
  const { say, lang } = context;
  const { control, state, findings, waived, notEvaluated } = each;
  const unseen =
    notEvaluated.length === 0
      ? undefined
      : html`<li>${say("checksNotEvaluated")}: ${notEvaluated.join(say("comma"))}</li>`;
  const inspect =
    control.inspect === undefined ? undefined : html`<li>${say("inspect")}: ${control.inspect[lang]}</li>`;
  const items = [
    ...[...findings, ...waived].map((finding) => findingItem(finding, context)),
    unseen,
    inspect,
  ];
  const count = findings.length === 0 ? undefined : html`<span class="sub">${findings.length}</span>`;
  return html`<details class="group" id="${anchor("control", control.id)}" data-find=""><summary>${tag(say(state), MOODS[state])}<b>${control.id}</b> ${control.title[lang]}${count}</summary><ul>${items}<li class="sub">${say("checks")}: ${control.checks.join(say("comma")) || say("checksNone")}</li></ul></details>`;
}

function findingItem(finding: Finding, { say }: PageContext): Markup {
  const waiver =
    finding.waiver === undefined
      ? undefined
      : html`<div class="sub">${say("waived")}: ${spellWaiver(finding)}</div>`;
  return html`<li>${finding.code} ${finding.message}<div class="sub">${finding.hint}</div><code>${plainPlace(finding.where)}</code>${waiver}</li>`;
}
