import { Refused } from "./device.ts";

type Properties = Map<string, string>;

/** A menu: its own settings, entries in their order, and what exists by itself. */
interface Menu {
  readonly own: Properties;
  readonly entries: Properties[];
  readonly given: Map<string, Properties>;
}

/** Menus whose entries stand in an order that counts, chain by chain. */
const IN_ORDER = new Set(["/ip firewall filter", "/ip firewall nat", "/ip firewall mangle"]);
/** Values that a property has without being told. */
const FACTORY: Readonly<Record<string, string>> = {
  "vlan-filtering": "no",
  disabled: "no",
  comment: "",
  log: "no",
  pvid: "1",
  distance: "1",
};
/** Properties that are lists in no order. */
const LISTS = new Set([
  "tagged",
  "untagged",
  "vlan-ids",
  "topics",
  "connection-state",
  "dst-port",
  "addresses",
]);
const VERBS = new Set(["add", "set", "remove", "move", "disable", "enable"]);

/** A RouterOS console. Written from the manual: menus, `add`, `set`, `remove`, `move`, `find`, `:pick`, `place-before`.
 *  Knows nothing of the engine's tables. */
export class RouterosDevice {
  #menus = new Map<string, Menu>();
  #menu = "";
  /** Entries by the number that the router gives them when they come (`*1`), which they keep. */
  #numbers = new Map<string, Properties>();

  static load(text: string): RouterosDevice {
    const device = new RouterosDevice();
    const lines = text.replace(/\\\n\s*/g, "").split("\n");
    for (const line of lines) if (line.trim() !== "" && !line.startsWith("#")) device.type(line);
    device.#menu = "";
    return device;
  }

  /** A device of the same state. */
  copy(): RouterosDevice {
    const other = new RouterosDevice();
    // Both in one, so that a numbered entry stays the entry of its menu.
    [other.#menus, other.#numbers] = structuredClone([this.#menus, this.#numbers] as const);
    return other;
  }

  type(line: string): void {
    const words = split(line.trim());
    if (words[0]?.startsWith("/")) {
      const at = words.findIndex((word) => VERBS.has(word));
      this.#menu = words.splice(0, at < 0 ? words.length : at).join(" ");
    }
    const [verb, ...rest] = words;
    if (verb === undefined) return;
    const menu = this.#menus.get(this.#menu) ?? emptyMenu();
    this.#menus.set(this.#menu, menu);
    if (verb === "add") this.#add(menu, rest);
    else if (verb === "set") this.#set(menu, rest);
    else if (verb === "remove")
      for (const entry of this.#found(menu, rest[0] ?? ""))
        menu.entries.splice(menu.entries.indexOf(entry), 1);
    else if (verb === "move") this.#move(menu, rest);
    else if (verb === "disable" || verb === "enable") {
      for (const name of (rest[0] ?? "").split(","))
        change(given(menu, name), [`disabled=${verb === "disable" ? "yes" : "no"}`]);
    } else throw new Refused(`unknown command ${line}`);
  }

  /** Types a line as it is meant here: entries by their numbers, so that it means the same in any other state.
   *  @returns the line so spelled; a new entry asks for its number with `number=` */
  pin(line: string): string {
    const pinned = line.replace(/\[ (?:find where|:pick) .*? \](?: \d+ \])?(?= |$)/g, (expression) =>
      this.#numberOf(single(this.#menus.get(this.#menuOf(line)) ?? emptyMenu(), expression)),
    );
    const numbered = / add /.test(line) ? `${pinned} number=*${this.#numbers.size + 1}` : pinned;
    this.type(numbered);
    return numbered;
  }

  #menuOf(line: string): string {
    const words = split(line);
    return words
      .slice(
        0,
        words.findIndex((word) => VERBS.has(word)),
      )
      .join(" ");
  }

  #numberOf(entry: Properties): string {
    for (const [number, known] of this.#numbers) if (known === entry) return number;
    throw new Refused("an entry without a number");
  }

  /** Entries that a word tells. */
  #found(menu: Menu, word: string): Properties[] {
    if (!word.startsWith("*")) return found(menu, word);
    const entry = this.#numbers.get(word);
    return entry && menu.entries.includes(entry) ? [entry] : [];
  }

  #single(menu: Menu, word: string): Properties {
    const [entry, ...more] = this.#found(menu, word);
    if (!entry || more.length > 0) throw new Refused(`${entry ? "several entries" : "no entry"}: ${word}`);
    return entry;
  }

  /** Entries of a menu with their properties, in their order. */
  entries(menu: string): readonly ReadonlyMap<string, string>[] {
    return this.#menus.get(menu)?.entries ?? [];
  }

  #add(menu: Menu, words: readonly string[]): void {
    const entry: Properties = new Map<string, string>();
    const before = words.find((word) => word.startsWith("place-before="));
    const number = words.find((word) => word.startsWith("number=*"));
    change(
      entry,
      words.filter((word) => word !== before && word !== number),
    );
    this.#numbers.set(number?.slice("number=".length) ?? `*${this.#numbers.size + 1}`, entry);
    // The network of an address is worked out where it is not given.
    const [, net] = /^(\d+\.\d+\.\d+)\.\d+\/24$/.exec(entry.get("address") ?? "") ?? [];
    if (this.#menu === "/ip address" && net !== undefined && !entry.has("network"))
      entry.set("network", `${net}.0`);
    const name: string | undefined = entry.get("name");
    if (name !== undefined && menu.entries.some((other) => other.get("name") === name))
      throw new Refused(`already have such name: ${name}`);
    if (before === undefined) menu.entries.push(entry);
    else
      menu.entries.splice(
        menu.entries.indexOf(this.#single(menu, before.slice("place-before=".length))),
        0,
        entry,
      );
  }

  #set(menu: Menu, [first = "", ...rest]: readonly string[]): void {
    if (first.includes("=") && !first.startsWith("[")) {
      change(menu.own, [first, ...rest]);
      return;
    }
    const native = /^\[ ?find ((?:default-)?name=[^ ]+) ?\]$/.exec(first)?.[1];
    if (native?.startsWith("default-")) change(given(menu, native), rest);
    else if (/^[[*]/.test(first)) for (const entry of this.#found(menu, first)) change(entry, rest);
    else change(given(menu, first), rest);
  }

  #move(menu: Menu, [what = "", to]: readonly string[]): void {
    const entry = this.#single(menu, what);
    const anchor = to === undefined ? undefined : this.#single(menu, to.slice("destination=".length));
    menu.entries.splice(menu.entries.indexOf(entry), 1);
    menu.entries.splice(anchor ? menu.entries.indexOf(anchor) : menu.entries.length, 0, entry);
  }

  /** What it holds, defaults left out. */
  show(): string {
    const lines: string[] = [];
    for (const [name, menu] of [...this.#menus].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (menu.own.size > 0) lines.push(`${name} ${spell(menu.own)}`);
      for (const [key, entry] of [...menu.given].sort(([a], [b]) => (a < b ? -1 : 1)))
        if (spell(entry) !== "") lines.push(`${name} ${key}: ${spell(entry)}`);
      const entries = menu.entries.map(spell);
      const chains = new Map<string, string[]>();
      for (const [i, entry] of menu.entries.entries()) {
        const chain = entry.get("chain") ?? "";
        chains.set(chain, [...(chains.get(chain) ?? []), entries[i] ?? ""]);
      }
      const settled = IN_ORDER.has(name) ? [...chains].sort().flatMap(([, list]) => list) : entries.sort();
      lines.push(...settled.map((entry) => `${name} + ${entry}`));
    }
    return lines.join("\n");
  }
}

function given(menu: Menu, key: string): Properties {
  const known = menu.given.get(key) ?? new Map<string, string>();
  menu.given.set(key, known);
  return known;
}

function change(entry: Properties, words: readonly string[]): void {
  for (const word of words) {
    if (word.startsWith("!") && !word.includes("=")) {
      entry.delete(word.slice(1));
      continue;
    }
    const at = word.indexOf("=");
    if (at < 0) throw new Refused(`expected a property: ${word}`);
    const name = word.slice(0, at);
    const value = plain(word.slice(at + 1));
    const list = LISTS.has(name) ? value.split(",").sort().join(",") : value;
    if (FACTORY[name] === list) entry.delete(name);
    else entry.set(name, list);
  }
}

function spell(entry: Properties): string {
  return [...entry]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(" ");
}

/** Entries that an expression finds, in their order. */
function found(menu: Menu, expression: string): Properties[] {
  const pick = /^\[ :pick (\[.*\]) (\d+) \]$/.exec(expression);
  if (pick) {
    const one = found(menu, pick[1] ?? "")[Number(pick[2])];
    return one ? [one] : [];
  }
  const where = /^\[ find where (.*) \]$/.exec(expression)?.[1];
  if (where === undefined) throw new Refused(`not an expression: ${expression}`);
  const wanted: Properties = new Map();
  change(
    wanted,
    split(where).filter((word) => word !== "and"),
  );
  return menu.entries.filter((entry) => [...wanted].every(([name, value]) => entry.get(name) === value));
}

function single(menu: Menu, expression: string): Properties {
  const entries = found(menu, expression);
  const [entry] = entries;
  if (!entry || entries.length !== 1) throw new Refused(`${entries.length} entries: ${expression}`);
  return entry;
}

function plain(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(["\\])/g, "$1") : value;
}

/** Words, with quotes and brackets kept together. */
function split(line: string): string[] {
  const words: string[] = [];
  let word = "";
  let quoted = false;
  let depth = 0;
  for (const sign of line) {
    if (sign === '"' && !word.endsWith("\\")) quoted = !quoted;
    if (!quoted && sign === "[") depth++;
    if (!quoted && sign === "]") depth--;
    if (sign === " " && !quoted && depth === 0) {
      if (word !== "") words.push(word);
      word = "";
    } else word += sign;
  }
  return word === "" ? words : [...words, word];
}

function emptyMenu(): Menu {
  return { own: new Map(), entries: [], given: new Map() };
}
