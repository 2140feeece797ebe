import type { ListBuilder } from "./list-builder.ts";
import { all, both, condition, type Predicate } from "./predicate.ts";
import type { RuleLine } from "./types.ts";

/** Where a packet goes from here. `next`: to the next rule. */
export type Verdict =
  | { readonly kind: "accept" | "drop" | "return" | "next" | "queue" }
  | { readonly kind: "jump" | "goto"; readonly chain: string };

/** One way through a rule; the ways of a verdict map exclude each other, save the one for all other keys. */
export interface Step {
  readonly predicate: Predicate;
  readonly verdict: Verdict;
}

/** A rule as steps: one, or one for each element of its verdict map. */
export interface ParsedRule {
  readonly steps: readonly Step[];
  /** Where a verdict map sends keys that it does not list (`* : drop`). */
  readonly otherwise?: Step;
  /** What the rule does beyond filtering and what changes what later rules see. */
  readonly warnings: readonly string[];
}

/** A chain with its rules read. */
export interface Chain {
  readonly name: string;
  readonly rules: readonly { readonly at: RuleLine; readonly rule: ParsedRule }[];
}

/** Rules that a chain may come to when its jumps are written out. */
const MOST_RULES = 50_000;

/** The kernel follows no deeper. */
const DEEPEST = 16;

/** A chain that cannot be written out as one list. */
export class ChainError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ChainError";
  }
}

/** Where packets go that a chain sends back. */
type Return = (predicate: Predicate) => void;

/** Writes a chain with its jumps out as one first-match list. A packet that falls off the end of a chain simply meets the
 *  rules that follow; for one that is sent back earlier, the rules that it still has to meet are written once more.
 *  @throws ChainError for loops, missing chains and lists beyond all bounds */
export class ChainWriter {
  readonly #chains: ReadonlyMap<string, Chain>;
  readonly #builder: ListBuilder;
  readonly #policy: "permit" | "deny";
  readonly #policyLine: RuleLine | undefined;
  #written = 0;

  constructor(
    chains: ReadonlyMap<string, Chain>,
    builder: ListBuilder,
    policy: "permit" | "deny",
    policyLine: RuleLine | undefined,
  ) {
    this.#chains = chains;
    this.#builder = builder;
    this.#policy = policy;
    this.#policyLine = policyLine;
  }

  write(chain: Chain, from: Predicate): void {
    const leave: Return = (predicate) => this.#add(this.#policy, predicate, this.#policyLine);
    this.#rules(chain, 0, from, leave, 0);
  }

  #add(action: "permit" | "deny", predicate: Predicate, at: RuleLine | undefined): void {
    this.#written += 1;
    if (this.#written > MOST_RULES) throw new ChainError("jumps and returns come to too many rules");
    this.#builder.add(action, predicate, at);
  }

  #rules(chain: Chain, start: number, prefix: Predicate, leave: Return, depth: number): void {
    if (depth > DEEPEST) throw new ChainError(`chain ${chain.name} is reached through too many jumps`);
    for (let index = start; index < chain.rules.length; index += 1) {
      const entry = chain.rules[index];
      if (entry === undefined) break;
      const back: Return = (predicate) => {
        this.#rules(chain, index + 1, predicate, leave, depth + 1);
        leave(predicate);
      };
      for (const step of entry.rule.steps) {
        const here = both(prefix, step.predicate);
        if (here.matches.length === 0) continue;
        this.#step(step.verdict, here, entry.at, { back, leave, depth });
        // With a rule for all other keys below, what falls through must not meet it.
        if (entry.rule.otherwise && goesOn(step)) back(here);
      }
      if (entry.rule.otherwise === undefined) continue;
      const rest = both(prefix, entry.rule.otherwise.predicate);
      if (rest.matches.length > 0)
        this.#step(entry.rule.otherwise.verdict, rest, entry.at, { back, leave, depth });
    }
  }

  #step(
    verdict: Verdict,
    here: Predicate,
    at: RuleLine,
    way: { readonly back: Return; readonly leave: Return; readonly depth: number },
  ): void {
    if (verdict.kind === "next") return;
    if (verdict.kind === "accept") this.#add("permit", here, at);
    else if (verdict.kind === "drop") this.#add("deny", here, at);
    else if (verdict.kind === "return") way.leave(here);
    else if (verdict.kind === "queue") {
      this.#add("permit", all([here, condition(`verdict of queue "${at.text}"`)]), at);
      this.#add("deny", here, at);
    } else if ("chain" in verdict) {
      const target = this.#chains.get(verdict.chain);
      if (target === undefined) throw new ChainError(`no chain ${verdict.chain}`);
      const jump = verdict.kind === "jump";
      this.#rules(target, 0, here, jump ? way.back : way.leave, way.depth + 1);
      if (!jump) way.leave(here);
    }
  }
}

/** Whether a packet may meet the next rule after this step. */
function goesOn(step: Step): boolean {
  return step.verdict.kind === "next" || step.verdict.kind === "jump";
}
