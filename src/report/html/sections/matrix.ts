import type { ReportCell, ReportProof, ReportRule, SiteReport } from "../../report-types.ts";
import { anchor } from "../anchor.ts";
import { html, type Markup } from "../html.ts";
import { type PageContext, section, tag, zoneTag } from "../parts.ts";

/** The zone matrix; a cell opens the proof of its pair. */
export function matrixSection(report: SiteReport, context: PageContext): Markup {
  const { say } = context;
  const { zones, matrix, rules } = report;
  const head = zones.map(
    (zone) => html`<th scope="col">${zone.name}<small>${say("trust")} ${zone.trust}</small></th>`,
  );
  const rows = zones.map((from, row) => {
    const cells = matrix.slice(row * zones.length, (row + 1) * zones.length);
    return html`<tr><th scope="row">${zoneTag(context, from.name)}<small>${from.important ? say("important") : ""}</small></th>${cells.map((cell) => html`<td>${cellLink(cell, context)}</td>`)}</tr>`;
  });
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const key = html`<div class="key"><span class="k-allow">${say("allow-only")} / ${say("allow-all")}</span><span>${say("block-all")}</span><span class="k-bad">${say("violated")}</span><span class="k-dash">${say("not-evaluated")}</span></div>`;
  const body = html`<div class="card"><div class="scroll"><table class="matrix"><thead><tr><th></th>${head}</tr></thead><tbody>${rows}</tbody></table></div>${key}</div>${matrix.map((cell) => proofDialog(cell, byId, context))}`;
  return section("matrix", say("matrix"), body, say("matrixLead"));
}

function cellId({ from, to }: ReportCell): string {
  return anchor("cell", from, to);
}

function cellLink(cell: ReportCell, { say }: PageContext): Markup {
  const shut = cell.access === "block-all" ? "shut" : "allow";
  const look = cell.state === "proved" ? shut : cell.state;
  const mark = { proved: "✓", violated: "✗", unknown: "?", "not-evaluated": "" }[cell.state];
  const text = cell.services.length === 0 ? say(cell.access) : shortServices(cell, say);
  const count =
    cell.rules.length === 0
      ? ""
      : `${cell.rules.length} ${say(cell.rules.length === 1 ? "ruleOne" : "ruleCount")}`;
  return html`<a class="${look}" href="#${cellId(cell)}" title="${cell.from} → ${cell.to}">${mark} ${text}<i>${count}</i></a>`;
}

function shortServices(cell: ReportCell, say: PageContext["say"]): string {
  const shown = cell.services.slice(0, 3).join(", ");
  const more = cell.services.length > 3 ? ` +${cell.services.length - 3}` : "";
  return cell.access === "block-only" ? `${say("block-only")} ${shown}${more}` : `${shown}${more}`;
}

function proofDialog(cell: ReportCell, rules: ReadonlyMap<string, ReportRule>, context: PageContext): Markup {
  const { say } = context;
  const keep = cell.state === "violated" || cell.state === "unknown" ? "keep" : "";
  const allowed = [say(cell.access), cell.services.join(", ")].filter((text) => text !== "").join(" ");
  const opened = cell.rules.flatMap((id) => rules.get(id) ?? []);
  return html`<dialog class="${keep}" id="${cellId(cell)}"><header><h3>${zoneTag(context, cell.from)} → ${zoneTag(context, cell.to)}</h3>${stateTag(cell, say)}<a class="shutter" href="#matrix">${say("close")}</a></header>
<dl><dt>${say("permits")}</dt><dd>${allowed} <div class="sub">${cell.written ?? say("builtIn")}</div></dd>
<dt>${say("proof")}</dt><dd>${cell.proofs.length === 0 ? say("notEvaluatedCell") : html`<ul>${cell.proofs.map((proof) => proofItem(proof, say))}</ul>`}</dd>
<dt>${say("rulesOf")}</dt><dd>${opened.length === 0 ? say("noRuleOpens") : html`<ul>${opened.map((rule) => ruleItem(rule))}</ul>`}</dd>${exceptionRow(cell, say)}</dl></dialog>`;
}

function exceptionRow({ exceptions }: ReportCell, say: PageContext["say"]): Markup | undefined {
  if (exceptions.length === 0) return undefined;
  return html`<dt>${say("exceptions")}</dt><dd>${exceptions.join(", ")}</dd>`;
}

function stateTag({ state }: ReportCell, say: PageContext["say"]): Markup {
  const moods = { proved: "good", violated: "bad", unknown: "warn", "not-evaluated": "" } as const;
  return tag(say(state), moods[state]);
}

function proofItem(proof: ReportProof, say: PageContext["say"]): Markup {
  const open = proof.kind === "open" && proof.state === "violated";
  const text = open
    ? say("openFilter")
    : say(({ proved: "provedText", violated: "violatedText", unknown: "unknownText" } as const)[proof.state]);
  const shown = proof.violations.map(
    ({ rule, packet }) => html`<div class="sub">${rule ?? ""} <code>${packet}</code></div>`,
  );
  return html`<li><b>${proof.device}</b> ${text}${shown}</li>`;
}

function ruleItem(rule: ReportRule): Markup {
  return html`<li><a href="#${anchor("rule", rule.id)}">${rule.id}</a> ${rule.from} → ${rule.to} <span class="sub">${rule.services.join(", ")}${rule.reason === null ? "" : ` · ${rule.reason}`}</span></li>`;
}
