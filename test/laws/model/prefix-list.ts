import { type Held, Refused, type Shelf } from "./device.ts";

/** What a manual says of prefix lists that are typed line by line, each line with the name of its list. */
export interface PrefixManual {
  /** The words before the name. */
  readonly head: RegExp;
  /** The word before a number, and what the numbers grow by where none is given. */
  readonly number: "seq" | "index";
  readonly step: number;
  /** The list may have a description. */
  readonly described: boolean;
  /** Another entry under a number in use takes its place; elsewhere it is refused. */
  readonly overwrites?: true;
}

/** Takes a line of a prefix list, or its negation: another entry under a number in use and an entry that stands already are
 *  refused, the first only where it does not take the other's place; the list is there with its first entry, and goes with its last one or by its name alone.
 *  @param strict - what would do nothing is an error
 *  @returns whether the line is one */
export function takePrefixLine(
  root: Shelf,
  manual: PrefixManual,
  line: string,
  negated: boolean,
  strict: boolean,
): boolean {
  const match = /^((?:ip|ipv6) \S+) (\S+)(?: (.*))?$/.exec(line);
  const [, head = "", name = "", rest = ""] = match ?? [];
  if (!manual.head.test(head) || name === "sequence-number") return false;
  const list = `${head} ${name}`;
  const held = root.get(list);
  if (manual.described && /^description\b/.test(rest)) return describe(root, list, rest, negated);
  const [, numbered, text = ""] = new RegExp(`^(?:${manual.number} (\\d+) ?)?(.*)$`).exec(rest) ?? [];
  const number = numbered === undefined ? undefined : Number(numbered);
  if (negated) takeAway(root, list, held, number, text);
  else if (/^(?:permit|deny) /.test(text)) addEntry(root, manual, list, number, text, strict);
  else throw new Refused(`incomplete: ${line}`);
  return true;
}

function describe(root: Shelf, list: string, rest: string, negated: boolean): boolean {
  const name = `${list} description`;
  if (!negated) root.set(name, { line: `${list} ${rest}`, below: undefined, entries: undefined });
  else if (!root.delete(name)) throw new Refused(`no description: ${list}`);
  return true;
}

function addEntry(
  root: Shelf,
  manual: PrefixManual,
  list: string,
  number: number | undefined,
  text: string,
  strict: boolean,
): void {
  const held: Held = root.get(list) ?? { line: list, below: new Map(), entries: new Map() };
  const entries = held.entries as Map<number, string>;
  const last = Math.max(0, ...entries.keys());
  const at = number ?? (Math.floor(last / manual.step) + 1) * manual.step;
  if (strict && entries.has(at) && !manual.overwrites) throw new Refused(`number in use: ${list} ${at}`);
  if (strict && [...entries.values()].includes(text)) throw new Refused(`stands already: ${list} ${text}`);
  entries.set(at, text);
  root.set(list, held);
}

function takeAway(
  root: Shelf,
  list: string,
  held: Held | undefined,
  number: number | undefined,
  text: string,
): void {
  const entries = held?.entries;
  if (!entries) throw new Refused(`no such list: ${list}`);
  if (number === undefined && text === "") entries.clear();
  else {
    const at = number ?? [...entries].find(([, other]) => other === text)?.[0];
    if (at === undefined || !entries.delete(at))
      throw new Refused(`no such entry: ${list} ${number ?? text}`);
  }
  if (entries.size > 0) return;
  root.delete(list);
  root.delete(`${list} description`);
}
