import { RULE_TABLE } from "./rule-edits.ts";

/** Takes out of named chains what decides no packet: comments, the words that a log line begins with, the order of lines
 *  with one verdict, and chains that hold nothing, with the ways into them. A rule typed by hand bears no label of ours;
 *  the next apply writes it. */
export function withoutLabels(text: string, chains: ReadonlySet<string>): string {
  if (chains.size === 0) return text;
  const lines = text.split("\n");
  const kept: string[] = [];
  const empty = new Set<string>();
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const header = line.trim().replace(/ \{$/, "");
    if (PAIR.test(header) && lines[index + 1]?.trim() === "}") {
      empty.add(header.slice("chain ".length));
      index += 1;
      continue;
    }
    kept.push(line);
    if (!chains.has(header)) continue;
    const end = lines.findIndex((one, at) => at > index && one.trim() === "}");
    if (end < 0) continue;
    kept.push(...inOneOrder(lines.slice(index + 1, end).map(withoutLabel)));
    index = end - 1;
  }
  return chainsInOneOrder(kept.map((line) => withoutWaysInto(line, empty))).join("\n");
}

/** A chain typed anew stands last in its table; where it stands decides nothing. */
function chainsInOneOrder(lines: readonly string[]): readonly string[] {
  const start = lines.indexOf(`${RULE_TABLE} {`);
  const end = lines.indexOf("}", start);
  if (start < 0 || end < 0) return lines;
  const blocks: string[] = [];
  for (let from = start + 1; from < end; ) {
    const last = lines.findIndex((line, at) => at >= from && /^\s+\}$/.test(line));
    if (last < 0 || last > end) return lines;
    blocks.push(lines.slice(from, last + 1).join("\n"));
    from = last + 1;
  }
  return [...lines.slice(0, start + 1), ...blocks.sort(), ...lines.slice(end)];
}

const PAIR = /^chain \S+_to_\S+$/;
const STATE = /^\s*ct state vmap /;

/** Neighbours of one verdict in one order. What is known to belong to a connection, or to none, is told first: a line
 *  typed above that decides the same for every packet that begins something. */
function inOneOrder(lines: readonly string[]): readonly string[] {
  const state = lines.filter((line) => STATE.test(line));
  const types = lines.filter((line) => /^\s*type .* hook /.test(line));
  const rest = lines.filter((line) => !state.includes(line) && !types.includes(line));
  const groups: string[][] = [];
  for (const line of rest) {
    const last = groups.at(-1);
    if (last !== undefined && isFree(line) && verdictOf(last[0]) === verdictOf(line)) last.push(line);
    else groups.push([line]);
  }
  return [...types, ...state, ...groups.flatMap((group) => group.sort())];
}

function isFree(line: string): boolean {
  return verdictOf(line) !== undefined && !/\b(?:counter|limit)\b/.test(line);
}

function verdictOf(line: string | undefined): string | undefined {
  return / (accept|drop)$/.exec(line ?? "")?.[1];
}

/** The ways into chains that hold nothing lead on to the last drop, as no way does. */
function withoutWaysInto(line: string, empty: ReadonlySet<string>): string {
  const elements = /^(\s*elements = \{ )(.*)( \})$/.exec(line);
  if (elements === null || empty.size === 0) return line;
  const [, head = "", list = "", tail = ""] = elements;
  const left = list.split(", ").filter((one) => !empty.has(/ : jump (\S+)$/.exec(one)?.[1] ?? ""));
  return `${head}${left.join(", ")}${tail}`;
}

function withoutLabel(line: string): string {
  return line.replace(/ comment "[^"]*"$/, "").replace(/ log prefix "[^"]*"/, " log");
}
