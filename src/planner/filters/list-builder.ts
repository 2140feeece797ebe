import type { Action, FilterRule } from "../flows/types.ts";
import type { Predicate } from "./predicate.ts";
import type { ExtractedFilter, FilterNote, RuleLine } from "./types.ts";

/** Collects the rules of one filter with their lines and what could not be modelled. */
export class ListBuilder {
  readonly #rules: FilterRule[] = [];
  readonly #lines = new Map<string, RuleLine>();
  readonly #notes: FilterNote[] = [];
  readonly #used = new Map<string, number>();

  /** Adds a rule. A condition in words makes it inexact.
   *  @param at - absent for what the platform implies */
  add(action: Action, predicate: Predicate, at: RuleLine | undefined): void {
    const id = this.#idOf(at);
    const words = predicate.conditions.join(" and ");
    const inexact = words !== "";
    this.#rules.push({
      id,
      action,
      matches: predicate.matches,
      exact: !inexact,
      ...(inexact ? { condition: words } : {}),
    });
    if (at === undefined) return;
    this.#lines.set(id, at);
    if (inexact && !this.#notes.some((note) => note.line === at.line))
      this.note("FLT-CONDITION", at, `not modelled: ${words}`);
  }

  /** Says once a line what could not be modelled. `FLT-UNREAD` and `FLT-REFUSED` are errors. */
  note(code: FilterNote["code"], at: RuleLine, message: string): void {
    if (this.#notes.some((note) => note.line === at.line && note.message === message)) return;
    const severity = code === "FLT-CONDITION" ? "warning" : "error";
    this.#notes.push({ code, severity, message: message.slice(0, 100), hint: HINTS[code], ...at });
  }

  build(
    filter: Pick<ExtractedFilter, "name"> &
      Partial<Omit<ExtractedFilter, "name" | "list" | "lines" | "notes">> & {
        readonly defaultAction: Action;
      },
  ): ExtractedFilter {
    const { defaultAction, ...rest } = filter;
    return {
      aliases: [],
      bindings: [],
      interfaces: [],
      ...rest,
      list: { rules: this.#rules, defaultAction },
      lines: this.#lines,
      notes: this.#notes,
    };
  }

  #idOf(at: RuleLine | undefined): string {
    const base = at === undefined ? "implied" : String(at.line);
    const count = (this.#used.get(base) ?? 0) + 1;
    this.#used.set(base, count);
    return count === 1 ? base : `${base}.${count}`;
  }
}

const HINTS: Readonly<Record<FilterNote["code"], string>> = {
  "FLT-CONDITION":
    "It may match for a permit and never counts for a deny; answers that rest on it are unknown.",
  "FLT-REFUSED": "Write the rule without it, or check by hand what it lets through.",
  "FLT-UNREAD": "Check the spelling; until it is read, the rule may match any packet.",
};
