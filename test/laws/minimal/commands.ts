import { numbersIn, spell } from "../model/device.ts";
import { type Candidate, type Played, tryAct, type Ways } from "./search.ts";

/** How a platform that indents its blocks says what every platform can. */
type NameOf = (line: string) => string | undefined;

interface Words {
  readonly undo: string;
  readonly leave: string;
  /** Beginnings of lines that hold a set of numbers. */
  readonly sets: readonly RegExp[];
  /** Commands that put numbers into such a line, or take them: its beginning, the numbers. */
  readonly put: (head: string, numbers: string) => readonly string[];
  readonly between: string;
  /** Entries of a list: the words before a number, what renumbers the list. */
  readonly entry: RegExp;
  readonly renumber: (header: string) => readonly { readonly top: boolean; readonly line: string }[];
  /** What one command takes away and must not where it stays (a list, a route map, a clause, a neighbor, a process): the names
   *  that a line stands for, and the one that the words behind a negation mean. */
  readonly whole?: { readonly held: (line: string) => readonly string[]; readonly gone: NameOf };
  /** Puts a port back to default from the top. */
  readonly reset: ((port: string) => string) | undefined;
}

const cisco = (head: string, numbers: string) => [
  `${head} ${numbers}`,
  `${head} add ${numbers}`,
  `${head} remove ${numbers}`,
  `no ${head}`,
];
const huawei = (head: string, numbers: string) => [`${head} ${numbers}`, `undo ${head} ${numbers}`];
const steps = () => ["step 10", "step 20", "undo step"].map((line) => ({ top: false, line }));

const WORDS: Readonly<Record<string, Words>> = {
  iosxe: {
    undo: "no",
    leave: "exit",
    sets: [/^(switchport trunk allowed vlan) ([\d,-]+)$/],
    put: cisco,
    between: ",",
    entry: /^()(\d+) ((?:permit|deny).*)$/,
    renumber: (header) => [
      { top: true, line: `ip access-list resequence ${header.split(" ").at(-1)} 10 10` },
      { top: true, line: `ip access-list resequence ${header.split(" ").at(-1)} 100 100` },
    ],
    reset: (port) => `default ${port}`,
  },
  eos: {
    undo: "no",
    leave: "exit",
    sets: [/^(switchport trunk allowed vlan) ([\d,-]+)$/],
    put: cisco,
    between: ",",
    entry: /^()(\d+) ((?:permit|deny).*)$/,
    renumber: () => ["resequence 10 10", "resequence 100 100"].map((line) => ({ top: false, line })),
    reset: (port) => `default ${port}`,
  },
  vrp: {
    undo: "undo",
    leave: "quit",
    sets: [/^(port trunk allow-pass vlan) (.+)$/, /^(vlan batch) (.+)$/],
    put: huawei,
    between: " ",
    entry: /^(rule )(\d+) ((?:permit|deny).*)$/,
    renumber: steps,
    reset: undefined,
  },
  comware: {
    undo: "undo",
    leave: "quit",
    sets: [/^(port trunk permit vlan) (.+)$/],
    put: huawei,
    between: " ",
    entry: /^(rule )(\d+) ((?:permit|deny).*)$/,
    renumber: steps,
    reset: undefined,
  },
  frr: {
    undo: "no",
    leave: "exit",
    sets: [],
    put: cisco,
    between: ",",
    entry: /^(ip prefix-list \S+ seq )(\d+) ((?:permit|deny).*)$/,
    renumber: () => [],
    reset: undefined,
    whole: { held: frrNames, gone: frrName },
  },
};

interface Placed {
  readonly path: readonly string[];
  readonly line: string;
}

/** Tells the words that lead into a block of either text, or out of one. */
export function waysOf(platform: string, texts: readonly string[]): Ways {
  const headers = new Set(texts.flatMap((text) => placedLines(text).flatMap(({ path }) => path)));
  const leave = WORDS[platform]?.leave;
  return {
    into: (line) => headers.has(line.trim()),
    out: (line) => line === leave || line === "exit-address-family",
  };
}

/** Every command that can be typed from the lines of two texts: each line; its negation by the whole line, by any
 *  beginning of it and with any one word left out; sets put, added and taken by what the two have in common or not,
 *  and number by number; entries under each number that is free between others; renumbering; ports put back to
 *  default. Of the negations that do the same in all states
 *  that are given (on the way that the engine takes) one is kept. */
export function commandsOf(
  platform: string,
  texts: readonly [string, string],
  states: readonly Played[],
): Candidate[] {
  const words = WORDS[platform];
  if (!words) throw new Error(`no words for ${platform}`);
  const placed = texts.map(placedLines);
  const all = new Map<string, Candidate>();
  const add = (path: readonly string[], line: string) => {
    all.set([...path, line].join("\n"), { enter: path, line });
  };
  const plain = [...placed.flat(), ...retitled(words, placed.flat())];
  for (const { path, line } of plain) {
    add(path, line.startsWith(`${words.undo} `) ? line.slice(words.undo.length + 1) : line);
    const entry = words.entry.exec(line);
    if (entry) addEntries(words, plain, path, entry, add);
  }
  for (const { path, line } of plain) addSets(words, placed, path, line, add);
  for (const { path } of plain) {
    const [port = ""] = path;
    if (words.reset && port.startsWith("interface ")) add([], words.reset(port));
  }
  // A list that stays keeps its entries, and is edited; docs/engine-limits.md says so.
  const [one = [], two = []] = placed.map((lines) =>
    lines.filter(({ line }) => words.entry.test(line)).map(({ path }) => path.join("\n")),
  );
  const stays = new Set(one.filter((path) => two.includes(path)));
  const goes = plain.filter(({ path, line }) => !stays.has([...path, line].join("\n")));
  const taken = negations(words, goes, states);
  const { undo, whole } = words;
  if (!whole) return [...all.values(), ...taken];
  const named = placed.map((lines) => new Set(lines.flatMap(({ line }) => whole.held(line))));
  const goesWhole = ({ line }: Candidate) => {
    const name = whole.gone(line.slice(undo.length + 1));
    return name !== undefined && named.every((names) => names.has(name));
  };
  return [...all.values(), ...taken.filter((candidate) => !goesWhole(candidate))];
}

/** Lines of a block that has another header in the other text, below that header. */
function retitled({ whole }: Words, plain: readonly Placed[]): Placed[] {
  if (!whole) return [];
  const headers = new Set(plain.flatMap(({ path }) => path.slice(0, 1)));
  return plain.flatMap(({ path: [top, ...inner], line }) => {
    if (top === undefined) return [];
    const name = whole.gone(top);
    if (name === undefined) return [];
    const others = [...headers].filter((other) => other !== top && whole.gone(other) === name);
    return others.map((other) => ({ path: [other, ...inner], line }));
  });
}

/** A clause of a route map is told by its number, a neighbor by its address; what they say may change. */
function frrName(line: string): string | undefined {
  const name = line
    .replace(/^(route-map \S+) (?:permit|deny) /, "$1 ")
    .replace(/^(neighbor \S+) remote-as .*/, "$1");
  return /^(?:ip prefix-list \S+|route-map \S+(?: \d+)?|neighbor \S+|router bgp \d+)$/.test(name)
    ? name
    : undefined;
}

/** What a line is part of: an entry of its list, a clause of its map. */
function frrNames(line: string): readonly string[] {
  const name = frrName(line.replace(/ seq .*/, ""));
  if (name === undefined) return [];
  return name.startsWith("route-map ") ? [name, name.replace(/ \d+$/, "")] : [name];
}

function addEntries(
  words: Words,
  plain: readonly Placed[],
  path: readonly string[],
  [, head = "", , text = ""]: RegExpExecArray,
  add: (path: readonly string[], line: string) => void,
): void {
  const here = plain.filter((other) => other.path.join("\n") === path.join("\n"));
  const numbers = new Set(here.flatMap(({ line }) => words.entry.exec(line)?.[2] ?? []).map(Number));
  const sorted = [...numbers].sort((a, b) => a - b);
  const free = sorted.flatMap((number, i) => {
    const low = sorted[i - 1] ?? -1;
    return [3, 2].map((part) => low + Math.ceil((number - low) / part)).filter((one) => one > 0);
  });
  for (const number of [...free, ...sorted, (sorted.at(-1) ?? 0) + 10]) add(path, `${head}${number} ${text}`);
  for (const { top, line } of words.renumber(path.at(-1) ?? "")) add(top ? [] : path, line);
}

function addSets(
  words: Words,
  placed: readonly (readonly Placed[])[],
  path: readonly string[],
  line: string,
  add: (path: readonly string[], line: string) => void,
): void {
  const match = words.sets.map((pattern) => pattern.exec(line.replace(/^(?:undo|no) /, ""))).find(Boolean);
  if (!match) return;
  const [, head = ""] = match;
  const [one = new Set<number>(), two = new Set<number>()] = placed.map((lines) => {
    const own = lines.find(
      (other) => other.path.join("\n") === path.join("\n") && other.line.startsWith(head),
    );
    return numbersIn(own?.line.slice(head.length) ?? "");
  });
  const singles = [...new Set([...one, ...two, 1])].map((number) => [number]);
  const parts = [[...one].filter((n) => !two.has(n)), [...two].filter((n) => !one.has(n))];
  for (const numbers of [[...one], [...two], [...one, ...two], ...parts, ...singles]) {
    if (numbers.length === 0) continue;
    const text = spell(new Set(numbers)).replaceAll(",", words.between);
    for (const command of words.put(head, text)) add(path, command);
  }
}

function negations(words: Words, plain: readonly Placed[], states: readonly Played[]): Candidate[] {
  const kept = new Map<string, Candidate>();
  for (const { path, line } of plain) {
    const body = line.startsWith(`${words.undo} `) ? line.slice(words.undo.length + 1) : line;
    const parts = body.split(" ");
    const shorter = parts.flatMap((_, i) => [
      parts.slice(0, i + 1).join(" "),
      parts.filter((_, j) => j !== i || i === 0).join(" "),
    ]);
    for (const text of new Set([body, ...shorter])) {
      const candidate = { enter: path, line: `${words.undo} ${text}` };
      const effects = states.map((state) => {
        const device = state.copy();
        const before = device.key();
        return tryAct(device, candidate) && device.key() !== before ? device.key() : "";
      });
      const effect = effects.join("\n---\n");
      if (effects.some((key) => key !== "") && !kept.has(effect)) kept.set(effect, candidate);
    }
  }
  return [...kept.values()];
}

/** The lines of a text, each with the headers that it stands under. */
function placedLines(text: string): Placed[] {
  const path: { readonly indent: number; readonly line: string }[] = [];
  const result: Placed[] = [];
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    if (line === "" || /^[!#]/.test(line) || line === "exit" || line === "exit-address-family") continue;
    const indent = raw.length - raw.trimStart().length;
    while (path.length > 0 && (path.at(-1)?.indent ?? 0) >= indent) path.pop();
    result.push({ path: path.map((header) => header.line), line });
    path.push({ indent, line });
  }
  return result;
}
