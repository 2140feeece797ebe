import type { ConfigNode } from "../../planner/config/types.ts";
import { type Chain, ChainError, ChainWriter, type ParsedRule } from "../../planner/filters/chains.ts";
import { Interfaces } from "../../planner/filters/interfaces.ts";
import { ListBuilder } from "../../planner/filters/list-builder.ts";
import { ANYTHING, condition, type Predicate } from "../../planner/filters/predicate.ts";
import type { ExtractedFilter, FilterNote, RuleLine } from "../../planner/filters/types.ts";
import { UnreadError } from "../../planner/filters/words.ts";
import type { Family, Match } from "../../planner/flows/types.ts";
import { parseRule, type RuleContext } from "./filter-rule.ts";
import { readSets } from "./filter-sets.ts";
import { parse } from "./parse.ts";

/** Reads every chain of `nft list ruleset` that filters, its jumps written out: base chains, and the chains that they
 *  jump to as filters of their own.
 *  @param interfaces - names to number first, so that two rulesets can be compared */
export function readFilters(text: string, interfaces?: readonly string[]): readonly ExtractedFilter[] {
  const tables = parse(text).nodes.filter((node) => /^table (?:ip|ip6|inet|bridge|netdev) /.test(node.key));
  const lines = text.split("\n");
  const collected = new Interfaces();
  for (const table of tables) readTable(table, lines, collected);
  const names = [...new Set([...(interfaces ?? []), ...collected.seen])]
    .filter((name) => name !== "*")
    .sort();
  const numbered = new Interfaces(names);
  return tables.flatMap((table) => filtersOf(readTable(table, lines, numbered), names));
}

interface BaseChain {
  readonly type: string;
  readonly hook: string;
  readonly priority: number;
  readonly policy: "permit" | "deny";
  readonly at: RuleLine;
}

interface Table {
  /** `inet fw`. */
  readonly name: string;
  readonly family: Family | undefined;
  readonly chains: ReadonlyMap<string, Chain>;
  readonly bases: ReadonlyMap<string, BaseChain>;
  /** What a rule that cannot be read says. */
  readonly unread: ReadonlyMap<number, string>;
}

function readTable(node: ConfigNode, lines: readonly string[], interfaces: Interfaces): Table {
  const name = node.key.replace(/^table /, "");
  const family = name.startsWith("ip ") ? 4 : name.startsWith("ip6 ") ? 6 : undefined;
  const base: Match = family === undefined ? {} : { family };
  const context: RuleContext = { interfaces, sets: readSets(node), base };
  const chains = new Map<string, Chain>();
  const bases = new Map<string, BaseChain>();
  const unread = new Map<number, string>();
  for (const child of node.children) {
    const chain = /^chain (\S+)$/.exec(child.key)?.[1];
    if (chain === undefined) continue;
    const rules: { at: RuleLine; rule: ParsedRule }[] = [];
    for (const statement of child.children) {
      const at = { line: statement.line, text: (lines[statement.line - 1] ?? statement.text).trim() };
      const found = readBase(statement.key, at);
      if (found !== undefined) bases.set(chain, found);
      else if (!/^(?:comment|policy|devices?) /.test(statement.key))
        rules.push({ at, rule: readRule(statement.key, at, context, unread) });
    }
    chains.set(chain, { name: chain, rules });
  }
  return { name, family, chains, bases, unread };
}

const BASE = /^type (\w+) hook (\w+)(?: devices? .*?)? priority ([^;]+); policy (\w+);$/;
const PRIORITY: Readonly<Record<string, number>> = {
  raw: -300,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
};

function readBase(key: string, at: RuleLine): BaseChain | undefined {
  const match = BASE.exec(key);
  if (match === null) return undefined;
  const [, type = "", hook = "", text = "", policy] = match;
  const [, word = "", sign, offset] = /^(-?\w+)(?: ([+-]) (\d+))?$/.exec(text.trim()) ?? [];
  const start = Object.hasOwn(PRIORITY, word) ? (PRIORITY[word] ?? 0) : Number(word);
  const priority = start + (offset === undefined ? 0 : Number(`${sign}${offset}`));
  return { type, hook, priority, policy: policy === "drop" ? "deny" : "permit", at };
}

/** A rule that cannot be read may match any packet and do either: it permits under a condition of its own. */
function readRule(key: string, at: RuleLine, context: RuleContext, unread: Map<number, string>): ParsedRule {
  try {
    return parseRule(key, context);
  } catch (error) {
    if (!(error instanceof UnreadError || error instanceof RangeError)) throw error;
    unread.set(at.line, error.message);
    const predicate: Predicate = { ...ANYTHING, matches: [context.base], conditions: [key] };
    return { steps: [{ predicate, verdict: { kind: "queue" } }], warnings: [] };
  }
}

function filtersOf(table: Table, interfaces: readonly string[]): ExtractedFilter[] {
  const filters: ExtractedFilter[] = [];
  for (const chain of table.chains.values()) {
    const base = table.bases.get(chain.name);
    const callers = base === undefined ? callersOf(table, chain.name) : [base];
    if (callers.length > 0 && callers.every((caller) => caller.type !== "filter")) continue;
    const policies = new Set(callers.map((caller) => caller.policy));
    const policy = policies.size === 1 && policies.has("permit") ? "permit" : "deny";
    filters.push(filterOf(table, chain, base, policy, interfaces));
  }
  return filters;
}

/** Base chains from which a chain is reached. */
function callersOf(table: Table, name: string): BaseChain[] {
  return [...table.bases].flatMap(([base, found]) => (reaches(table, base, name, new Set()) ? [found] : []));
}

function reaches(table: Table, from: string, to: string, seen: Set<string>): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const targets = (table.chains.get(from)?.rules ?? []).flatMap(({ rule }) =>
    [...rule.steps, ...(rule.otherwise ? [rule.otherwise] : [])].flatMap(({ verdict }) =>
      "chain" in verdict ? [verdict.chain] : [],
    ),
  );
  return targets.some((target) => target === to || reaches(table, target, to, seen));
}

function filterOf(
  table: Table,
  chain: Chain,
  base: BaseChain | undefined,
  policy: "permit" | "deny",
  interfaces: readonly string[],
): ExtractedFilter {
  const common = {
    name: chain.name,
    aliases: [`${table.name} ${chain.name}`],
    ...(table.family === undefined ? {} : { family: table.family }),
    interfaces,
    bindings: base === undefined ? [] : [{ place: base.hook, direction: directionOf(base.hook) }],
    ...(base === undefined
      ? {}
      : { hook: { name: base.hook, priority: base.priority }, defaultLine: base.at }),
  };
  const builder = new ListBuilder();
  noteRules(builder, table, chain);
  try {
    new ChainWriter(table.chains, builder, policy, base?.at).write(chain, ANYTHING);
    return builder.build({ ...common, defaultAction: policy });
  } catch (error) {
    if (!(error instanceof ChainError || error instanceof RangeError)) throw error;
    const unknown = new ListBuilder();
    const at = base?.at ?? chain.rules[0]?.at ?? { line: 1, text: "" };
    unknown.note("FLT-REFUSED", at, `chain ${chain.name}: ${error.message}`);
    unknown.add("permit", condition(`chain ${chain.name}`), at);
    return unknown.build({ ...common, defaultAction: "deny" });
  }
}

function directionOf(hook: string): "in" | "out" | "forward" | "local" {
  if (hook === "forward") return "forward";
  if (hook === "input") return "local";
  return hook === "output" || hook === "postrouting" ? "out" : "in";
}

function noteRules(builder: ListBuilder, table: Table, chain: Chain): void {
  const code: FilterNote["code"] = "FLT-UNREAD";
  for (const { at, rule } of chain.rules) {
    const message = table.unread.get(at.line);
    if (message !== undefined) builder.note(code, at, `cannot read: ${message}`);
    for (const warning of rule.warnings) builder.note("FLT-CONDITION", at, warning);
  }
}
