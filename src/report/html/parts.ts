import type { ReportZone } from "../report-types.ts";
import { html, type Markup, type Slot } from "./html.ts";
import type { Language, Say, Word } from "./words.ts";

/** What every part of a page gets. */
export interface PageContext {
  readonly lang: Language;
  readonly say: Say;
  /** Place of a zone in the list of colours. */
  readonly hue: (zone: string | null) => string;
}

/** Gives each zone a colour of its own, as long as there are colours. */
export function huesOf(zones: readonly Pick<ReportZone, "name">[]): PageContext["hue"] {
  const place = new Map(zones.map(({ name }, index) => [name, index]));
  return (zone) => {
    const index = zone === null ? undefined : place.get(zone);
    return index === undefined ? "" : `z${index % 10}`;
  };
}

/** A zone's name on its colour. */
export function zoneTag({ hue }: PageContext, zone: string | null): Markup | undefined {
  return zone === null ? undefined : html`<span class="zone ${hue(zone)}">${zone}</span>`;
}

/** A word on a soft ground: `good`, `bad`, `warn`, or quiet. */
export function tag(text: string, mood: "good" | "bad" | "warn" | "" = ""): Markup {
  return html`<span class="tag ${mood}">${text}</span>`;
}

/** One part of a page with its heading. */
export function section(id: string, title: string, body: Slot, lead?: string): Markup {
  const below = lead === undefined ? undefined : html`<p class="lead">${lead}</p>`;
  return html`<section id="${id}"><h2>${title}</h2>${below}${body}</section>`;
}

/** A card that says why nothing stands here. */
export function nothing(text: string): Markup {
  return html`<div class="card"><p class="none">${text}</p></div>`;
}

/** The head of a table. */
export function heads(say: Say, words: readonly Word[]): Markup {
  return html`<thead><tr>${words.map((word) => html`<th scope="col">${say(word)}</th>`)}</tr></thead>`;
}

/** A table in a card that scrolls sideways where it is too wide. */
export function table(say: Say, words: readonly Word[], rows: readonly Markup[]): Markup {
  return html`<div class="scroll"><table>${heads(say, words)}<tbody>${rows}</tbody></table></div>`;
}

/** An ISO time as people read it, in UTC. */
export function spellTime(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
}

/** A text in which words between backticks are code. */
export function coded(text: string): readonly Markup[] {
  return text.split("`").map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}
