import type { ControlState } from "../../planner/checks/pack.ts";
import { html, type Markup } from "./html.ts";
import type { Say } from "./words.ts";

const STATES = ["met", "waived", "not-met", "not-evaluated"] as const;

/** How many controls are met, waived, not met, not evaluated, in words. */
export function spellCounts(counts: Readonly<Record<ControlState, number>>, say: Say): string {
  return STATES.filter((state) => counts[state] > 0)
    .map((state) => `${counts[state]} ${say(state)}`)
    .join(" · ");
}

/** The same as a bar; what was not evaluated stays empty. */
export function stackBar(counts: Readonly<Record<ControlState, number>>, say: Say): Markup {
  const total = STATES.reduce((sum, state) => sum + counts[state], 0);
  let at = 0;
  const parts = STATES.filter((state) => state !== "not-evaluated").map((state) => {
    const width = total === 0 ? 0 : (counts[state] / total) * 100;
    const part = html`<rect class="${state}" x="${at.toFixed(1)}" width="${width.toFixed(1)}" height="8"/>`;
    at += width;
    return part;
  });
  return html`<svg class="stack" viewBox="0 0 100 8" preserveAspectRatio="none" role="img"><title>${spellCounts(counts, say)}</title>${parts}</svg>`;
}
