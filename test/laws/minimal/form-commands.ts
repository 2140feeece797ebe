import { type Candidate, tryAct, type Ways, type World } from "./search.ts";

/** Words that lead into a section, and out of it. */
export const FORM_WAYS: Ways = {
  into: (line) => /^(?:config|edit) /.test(line),
  out: (line) => line === "next" || line === "end",
};

/** Every command of a platform that does not indent, typed from the lines of two texts. A command that names several
 *  entries at once, or sets several statements of Junos, is counted as so many and not among them. */
export function formCommandsOf(
  platform: string,
  texts: readonly [string, string],
  world: World,
): Candidate[] {
  const all = platform === "junos" ? junos(texts) : platform === "fortios" ? fortios(texts) : routeros(texts);
  const kept = new Map<string, Candidate>();
  for (const candidate of all) kept.set([...candidate.enter, candidate.line].join("\n"), candidate);
  const list = [...kept.values()];
  return platform === "junos"
    ? list.filter(({ line }, i) => !line.startsWith("delete ") || isFirst(list, i, world))
    : list;
}

/** Of the words that delete the same in both states one is kept. */
function isFirst(list: readonly Candidate[], at: number, world: World): boolean {
  const effects = (candidate: Candidate) =>
    [world.running(), world.intended()].map((device) => {
      tryAct(device, candidate);
      return device.show();
    });
  const own = effects(list[at] as Candidate).join("\n\n");
  const nothing = [world.running(), world.intended()].map((device) => device.show()).join("\n\n");
  if (own === nothing) return false;
  return !list.some(
    (other, i) => i < at && /^delete /.test(other.line) && effects(other).join("\n\n") === own,
  );
}

/** A commit is one moment: what running alone says never has to be set, what intended alone says never deleted. */
function junos([running = "", intended = ""]: readonly string[]): Candidate[] {
  const commands: string[] = [];
  const lists = new Map<string, Set<string>>();
  const said = [running, intended].map((text) => text.split("\n"));
  for (const line of said.flat()) {
    if (!line.startsWith("set ")) continue;
    if (said[1]?.includes(line)) commands.push(line);
    const words = line.match(/"[^"]*"|\S+/g)?.slice(1) ?? [];
    for (let end = 2; end <= words.length && said[0]?.includes(line); end++)
      commands.push(`delete ${words.slice(0, end).join(" ")}`);
    for (const [i, word] of words.entries()) {
      if (word !== "term" && word !== "policy") continue;
      const head = words.slice(0, i + 1).join(" ");
      lists.set(head, (lists.get(head) ?? new Set<string>()).add(words[i + 1] ?? ""));
    }
  }
  for (const [head, names] of lists)
    for (const one of names)
      for (const two of names)
        for (const where of one === two ? [] : ["before", "after"])
          commands.push(`insert ${head} ${one} ${where} ${head.split(" ").at(-1)} ${two}`);
  return commands.map((line) => ({ enter: [], line }));
}

function fortios(texts: readonly string[]): Candidate[] {
  const result: Candidate[] = [];
  const entries = new Map<string, Set<string>>();
  const fields = new Map<string, Set<string>>();
  for (const text of texts) {
    let path: string[] = [];
    for (const raw of text.split("\n")) {
      const line = raw.trim();
      if (/^(?:config|edit) /.test(line)) path = [...path, line];
      if (line.startsWith("edit ")) {
        result.push({ enter: path.slice(0, -1), line });
        const table = path[0] ?? "";
        entries.set(table, (entries.get(table) ?? new Set<string>()).add(line.slice("edit ".length)));
      }
      if (line === "next" || line === "end") path = path.slice(0, -1);
      const [, field = "", values = ""] = /^set (\S+) (.*)$/.exec(line) ?? [];
      if (field === "") continue;
      result.push({ enter: path, line }, { enter: path, line: `unset ${field}` });
      const key = [...path, field].join("\n");
      fields.set(key, new Set([...(fields.get(key) ?? []), ...(values.match(/"[^"]*"|\S+/g) ?? [])]));
    }
  }
  for (const [key, values] of fields) {
    const path = key.split("\n");
    const field = path.pop() ?? "";
    for (const value of /member|allowaccess/.test(field) ? values : [])
      for (const verb of ["append", "unselect"])
        result.push({ enter: path, line: `${verb} ${field} ${value}` });
  }
  for (const [table, names] of entries)
    for (const one of names) {
      result.push({ enter: [table], line: `delete ${one}` });
      for (const two of table === "config firewall policy" ? names : [])
        for (const where of one === two ? [] : ["before", "after"])
          result.push({ enter: [table], line: `move ${one} ${where} ${two}` });
    }
  return result;
}

interface Said {
  readonly menu: string;
  readonly who: string | undefined;
  readonly words: readonly string[];
}

function routeros(texts: readonly string[]): Candidate[] {
  const commands: string[] = [];
  const said = texts.flatMap(linesOfRouter);
  for (const { menu, who, words } of said) {
    const mates = said.filter((other) => other.menu === menu && other.who === who);
    if (who !== undefined) {
      for (const mate of mates) commands.push(`${menu} set ${who} ${turn(mate.words, words)}`.trim());
      continue;
    }
    const ordered = menu === "/ip firewall filter";
    commands.push(`${menu} add ${words.join(" ")}`);
    for (const it of findings(words, mates)) {
      commands.push(`${menu} remove ${it}`);
      if (ordered) commands.push(`${menu} move ${it}`);
      for (const mate of mates)
        if (mate.words !== words && isSame(words, mate.words))
          commands.push(`${menu} set ${it} ${turn(words, mate.words)}`);
    }
    for (const mate of ordered ? mates : []) {
      if (mate.words === words) continue;
      for (const there of findings(mate.words, mates)) {
        commands.push(`${menu} add ${words.join(" ")} place-before=${there}`);
        for (const it of findings(words, mates)) commands.push(`${menu} move ${it} destination=${there}`);
      }
    }
  }
  return commands.filter((line) => !line.endsWith("set")).map((line) => ({ enter: [], line }));
}

/** How an entry is found: by all that it says; where others say that too, by its place among them. */
function findings(words: readonly string[], mates: readonly Said[]): string[] {
  const find = `[ find where ${words.join(" and ")} ]`;
  const alike = mates.filter(
    (mate) => mate.words !== words && words.every((word) => mate.words.includes(word)),
  );
  return alike.length === 0 ? [find] : [`[ :pick ${find} 0 ]`, `[ :pick ${find} 1 ]`];
}

/** Two states of one entry: they share what names it. An entry without a name is told by all its properties, and to turn
 *  it into another is to remove it and to add that one. */
function isSame(one: readonly string[], two: readonly string[]): boolean {
  const names = (words: readonly string[]) => words.filter((word) => /^(?:name|comment)=/.test(word));
  return names(one).some((word) => names(two).includes(word));
}

/** The properties that turn one entry into another. */
function turn(from: readonly string[], to: readonly string[]): string {
  const nameOf = (word: string) => word.split("=")[0] ?? "";
  const gone = from.filter((word) => !to.some((other) => nameOf(other) === nameOf(word)));
  return [...to.filter((word) => !from.includes(word)), ...gone.map((word) => `!${nameOf(word)}`)].join(" ");
}

function linesOfRouter(text: string): Said[] {
  let menu = "";
  return text
    .replace(/\\\n\s*/g, "")
    .split("\n")
    .flatMap((line): Said[] => {
      if (line.startsWith("/")) menu = line.trim();
      const [verb, ...words] = line.match(/\[[^\]]*\]|(?:[^\s"]|"[^"]*")+/g) ?? [];
      if (verb === "add") return [{ menu, who: undefined, words }];
      if (verb !== "set") return [];
      const who = words[0]?.startsWith("[") ? words.shift() : "";
      return [{ menu, who: who ?? "", words }];
    });
}
