import { slotsOf } from "./slots.ts";

/** Markup that was made by {@link html}: safe to put into markup as it stands. */
export class Markup {
  readonly #text: string;
  /** @param text - markup already; only this folder calls it */
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

/** What may stand in a slot: text and numbers are escaped; nothing, `false` included, is left out. */
export type Slot = Markup | string | number | boolean | undefined | null | readonly Slot[];

/** Makes markup out of a template; every value is escaped, so that no text of a device, a file or a branch becomes markup.
 *  Slots stand in text or inside a double-quoted attribute. Addresses in `href` and `src` must be written out up to a `#` or a `./`.
 *  @throws Error where a slot stands where no escaping makes it safe: in a script, a style, a tag or an attribute's name,
 *  an event handler, or unquoted. That is a mistake in our template, never in the data.
 *  @see https://cheatsheetseries.owasp.org/cheatsheets/Cross_Site_Scripting_Prevention_Cheat_Sheet.html */
export function html(strings: TemplateStringsArray, ...values: readonly Slot[]): Markup {
  const slots = slotsOf(strings);
  const parts: string[] = [strings[0] ?? ""];
  for (const [index, value] of values.entries()) {
    parts.push(slots[index] === "attribute" ? escapeHtml(plain(value)) : markupOf(value));
    parts.push(strings[index + 1] ?? "");
  }
  return new Markup(parts.join(""));
}

/** Escapes text for markup: what it spells is shown as written, and characters that no eye sees are made visible. */
export function escapeHtml(text: string): string {
  return text.replace(SPECIAL, (character) => ENTITIES[character] ?? codeOf(character));
}

/** Markup and quotes; controls beside tab and line feed, and what turns the direction of writing or has no width. Joiners
 *  (U+200C, U+200D) stay: they are spelling in several scripts and cannot hide a line. */
const SPECIAL =
  /[&<>"'`]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|[\u{e0000}-\u{e007f}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
  "\r": "\n",
};

function codeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function markupOf(value: Slot): string {
  if (value instanceof Markup) return value.toString();
  if (isList(value)) return value.map(markupOf).join("");
  return escapeHtml(plain(value));
}

/** Markup has no business in an attribute: it is spelt out and escaped like any text. */
function plain(value: Slot): string {
  if (value === undefined || value === null || typeof value === "boolean") return "";
  if (isList(value)) return value.map(plain).join(" ");
  return String(value);
}

function isList(value: Slot): value is readonly Slot[] {
  return Array.isArray(value);
}
