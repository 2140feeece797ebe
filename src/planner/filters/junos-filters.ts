import type { Family } from "../flows/types.ts";
import { junosPolicies } from "./junos-policies.ts";
import { readFrom, readThen, type TermContext } from "./junos-terms.ts";
import { type JunosNode, junosTree, nodeAt } from "./junos-tree.ts";
import { ListBuilder } from "./list-builder.ts";
import { all, condition, type Predicate } from "./predicate.ts";
import type { ExtractedFilter, FilterBinding } from "./types.ts";
import { UnreadError } from "./words.ts";

const REFUSED = /^(?:first-fragment|is-fragment|fragment-flags|fragment-offset|fragment-offset-except)$/;

/** Reads the firewall filters of a Junos configuration (in braces or as `set` lines), and its security policies as one
 *  filter for each pair of zones, `FROM->TO`. */
export function junosFilters(text: string): ExtractedFilter[] {
  const root = junosTree(text);
  const firewall = nodeAt(root, "firewall");
  const inet = [
    ...(nodeAt(firewall, "filter")?.children ?? []),
    ...(nodeAt(firewall, "family", "inet", "filter")?.children ?? []),
  ];
  const inet6 = [...(nodeAt(firewall, "family", "inet6", "filter")?.children ?? [])];
  return [
    ...inet.map(([name, node]) => filterOf(root, name, node, 4)),
    ...inet6.map(([name, node]) => filterOf(root, name, node, 6)),
    ...junosPolicies(root),
  ];
}

function filterOf(root: JunosNode, name: string, filter: JunosNode, family: Family): ExtractedFilter {
  const builder = new ListBuilder();
  const context: TermContext = { family, root };
  if (filter.children.has("apply-groups"))
    builder.note("FLT-REFUSED", filter.at, "apply-groups are not expanded");
  for (const [, term] of nodeAt(filter, "term")?.children ?? []) addTerm(builder, term, context);
  return builder.build({
    name,
    aliases: [`${family === 4 ? "inet" : "inet6"} ${name}`],
    family,
    defaultAction: "deny",
    bindings: bindingsOf(root, name, family),
  });
}

function addTerm(builder: ListBuilder, term: JunosNode, context: TermContext): void {
  const { at } = term;
  const from = nodeAt(term, "from");
  const refused = [...(from?.children.keys() ?? [])].find((word) => REFUSED.test(word));
  if (refused !== undefined) builder.note("FLT-REFUSED", at, `fragments are not modelled: ${refused}`);
  try {
    if (term.children.has("filter")) throw new UnreadError("a filter within a filter");
    const predicate = readFrom(from, context);
    const action = readThen(term);
    if (action.kind === "next") return;
    if (action.kind === "limited") addLimited(builder, predicate, action.words, term);
    else builder.add(action.kind, predicate, at);
  } catch (error) {
    if (!(error instanceof UnreadError || error instanceof RangeError)) throw error;
    builder.note("FLT-UNREAD", at, `cannot read: ${error.message}`);
    builder.add(
      "permit",
      { matches: [{ family: context.family }], conditions: [`term at line ${at.line}`] },
      at,
    );
  }
}

/** A policer lets pass what keeps to its rate, and may drop the rest: the term ends here either way. */
function addLimited(builder: ListBuilder, predicate: Predicate, words: string, term: JunosNode): void {
  builder.add("permit", all([predicate, condition(words)]), term.at);
  builder.add("deny", predicate, term.at);
}

function bindingsOf(root: JunosNode, name: string, family: Family): FilterBinding[] {
  const found: FilterBinding[] = [];
  for (const [port, node] of nodeAt(root, "interfaces")?.children ?? []) {
    for (const [unit, below] of nodeAt(node, "unit")?.children ?? []) {
      const filter = nodeAt(below, "family", family === 4 ? "inet" : "inet6", "filter");
      for (const [word, direction] of [
        ["input", "in"],
        ["output", "out"],
        ["input-list", "in"],
        ["output-list", "out"],
      ] as const) {
        if (nodeAt(filter, word, name) !== undefined) found.push({ place: `${port}.${unit}`, direction });
      }
    }
  }
  return found;
}
