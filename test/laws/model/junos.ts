import { Refused } from "./device.ts";

/** A word of the hierarchy with what stands below it. Written from the CLI user guide: `set`, `delete`, `insert`,
 *  `deactivate`, `protect`. Knows nothing of the engine's tables. */
interface Branch {
  readonly below: Map<string, Branch>;
  present: boolean;
  inactive: boolean;
  guarded: boolean;
}

/** Words that hold one value: a second one takes the place of the first. */
const SINGLE = new Set(
  (
    "host-name description mtu vlan-id l3-interface interface-mode class uid idle-timeout message encrypted-password " +
    "priority metric bandwidth-percentage storm-control type native-vlan-id time-zone peer-as redundancy-group " +
    "device-count periodic instance-type any interactive-commands vendor-id low high minimum-links 802.3ad count"
  ).split(" "),
);
/** Words that name a kind of thing; the word behind is its name, and the thing stays when it is emptied. */
const NAMED = new Set(
  "unit family address filter term group neighbor policy rule rule-set user security-zone area interface vrrp-group".split(
    " ",
  ),
);
/** Words whose names stand in an order that counts. */
const IN_ORDER = new Set(["term", "policy", "rule", "export", "import", "apply-groups"]);
/** Words of which a block holds one, and a second takes the place of the first. Whether it does so for `permit`, `deny` and
 *  `reject` of a security policy was not found written: here both would stand, and no list may count on more. */
const EITHER = [["accept", "discard", "reject"]];
const NUMBERS: Readonly<Record<string, string>> = {
  https: "443",
  http: "80",
  ssh: "22",
  ntp: "123",
  domain: "53",
};

function sprout(): Branch {
  return { below: new Map(), present: false, inactive: false, guarded: false };
}

function twin(branch: Branch): Branch {
  return { ...branch, below: new Map([...branch.below].map(([word, next]) => [word, twin(next)])) };
}

/** A Junos candidate configuration. */
export class JunosDevice {
  #root = sprout();

  static load(text: string): JunosDevice {
    const device = new JunosDevice();
    const path: string[][] = [];
    for (const raw of text.split("\n")) {
      const line = raw.replace(/\s+##.*$/, "").trim();
      if (line === "" || line.startsWith("#") || line.startsWith("version ")) continue;
      const mark = /^(inactive|protect): /.exec(line)?.[1];
      const body = line.replace(/^(?:inactive|protect): /, "");
      if (line === "}") path.pop();
      else if (body.endsWith("{")) {
        path.push(words(body.slice(0, -1)));
        device.#mark(mark, path.flat());
        device.#set(path.flat());
      } else if (body.endsWith(";")) {
        const all = [...path.flat(), ...words(body.slice(0, -1))];
        device.#set(all);
        device.#mark(
          mark,
          all.filter((_, i) => mark === "protect" || i < all.length - (SINGLE.has(all.at(-2) ?? "") ? 1 : 0)),
        );
      } else device.#load(body);
    }
    return device;
  }

  /** A device of the same state. */
  copy(): JunosDevice {
    const other = new JunosDevice();
    other.#root = twin(this.#root);
    return other;
  }

  #load(line: string): void {
    const [verb, ...rest] = words(line);
    if (verb === "protect" || verb === "deactivate")
      this.#mark(verb === "protect" ? "protect" : "inactive", rest);
    else this.type(line);
  }

  #mark(mark: string | undefined, path: readonly string[]): void {
    if (mark === undefined) return;
    const branch = this.#find(path) ?? this.#grow(path);
    if (mark === "inactive") branch.inactive = true;
    else branch.guarded = true;
  }

  type(line: string): void {
    const [verb, ...path] = words(line);
    if (verb === "set") this.#checked(path, () => this.#set(path));
    else if (verb === "delete") this.#checked(path, () => this.#delete(path));
    else if (verb === "insert") this.#checked(path, () => this.#insert(path));
    else if (verb === "activate" || verb === "deactivate") {
      const branch = this.#find(path);
      if (!branch) throw new Refused(`nothing there: ${line}`);
      branch.inactive = verb === "deactivate";
    } else if (verb === "protect" || verb === "unprotect") {
      const branch = this.#find(path);
      if (!branch) throw new Refused(`nothing there: ${line}`);
      branch.guarded = verb === "protect";
    } else throw new Refused(`unknown command ${line}`);
  }

  #checked(path: readonly string[], act: () => void): void {
    let branch: Branch | undefined = this.#root;
    for (const word of path) {
      branch = branch?.below.get(word);
      if (branch?.guarded) throw new Refused(`protected: ${path.join(" ")}`);
    }
    act();
  }

  #set(path: readonly string[]): void {
    const open = path.indexOf("[");
    if (open >= 0) {
      for (const word of path.slice(open + 1, path.indexOf("]"))) this.#set([...path.slice(0, open), word]);
      return;
    }
    this.#grow(path).present = true;
  }

  /** Walks down, making what is missing; behind a single value the walk goes on beside it. */
  #grow(path: readonly string[]): Branch {
    let branch = this.#root;
    for (let i = 0; i < path.length; i++) {
      const word = alike(path, i);
      for (const group of EITHER)
        if (group.includes(word) && path[i - 1] === "then")
          for (const other of group) if (other !== word) branch.below.delete(other);
      const next = branch.below.get(word) ?? sprout();
      branch.below.set(word, next);
      if (NAMED.has(path[i - 1] ?? "")) next.present = true;
      const value = path[i + 1];
      if (!isSingle(path, i) || value === undefined) {
        branch = next;
        continue;
      }
      next.below.clear();
      next.below.set(value, { ...sprout(), present: true });
      i++;
      if (i === path.length - 1) return next.below.get(value) as Branch;
    }
    return branch;
  }

  #find(path: readonly string[]): Branch | undefined {
    let branch: Branch | undefined = this.#root;
    for (let i = 0; i < path.length; i++) branch = branch?.below.get(alike(path, i));
    return branch;
  }

  #delete(path: readonly string[]): void {
    // What is not there gives a warning and no more.
    if (!this.#find(path)) return;
    for (let end = path.length; end > 0; end--) {
      const parent = this.#find(path.slice(0, end - 1));
      const word = alike(path, end - 1);
      const branch = parent?.below.get(word);
      if (end < path.length && branch && (branch.below.size > 0 || branch.present)) return;
      parent?.below.delete(word);
    }
  }

  #insert(path: readonly string[]): void {
    const at = path.findIndex((word) => word === "before" || word === "after");
    const list = this.#find(path.slice(0, at - 1));
    const moved = path[at - 1] ?? "";
    const anchor = path.at(-1) ?? "";
    const branch = list?.below.get(moved);
    if (!list || !branch || !list.below.has(anchor))
      throw new Refused(`nothing to insert: ${path.join(" ")}`);
    const rest = [...list.below].filter(([name]) => name !== moved);
    const place = rest.findIndex(([name]) => name === anchor) + (path[at] === "after" ? 1 : 0);
    list.below.clear();
    for (const [name, value] of [...rest.slice(0, place), [moved, branch] as const, ...rest.slice(place)])
      list.below.set(name, value);
  }

  /** What it holds, one line a leaf. */
  show(): string {
    const lines: string[] = [];
    const walk = (branch: Branch, path: readonly string[]) => {
      if (branch.inactive) lines.push(`inactive ${path.join(" ")}`);
      if (branch.guarded) lines.push(`protected ${path.join(" ")}`);
      const names = [...branch.below.keys()];
      if (!IN_ORDER.has(path.at(-1) ?? "")) names.sort();
      if (names.length === 0) lines.push(path.join(" "));
      for (const name of names) walk(branch.below.get(name) as Branch, [...path, name]);
    };
    walk(this.#root, []);
    return lines.join("\n");
  }
}

function words(line: string): string[] {
  return (line.match(/"(?:[^"\\]|\\.)*"|[[\]]|[^\s"[\]]+/g) ?? []).map((word) =>
    /^"[\w.:/$-]+"$/.test(word) ? word.slice(1, -1) : word,
  );
}

/** Tells whether a word holds one value, by itself or by where it stands. */
function isSingle(path: readonly string[], i: number): boolean {
  const word = path[i] ?? "";
  if (path[i - 1] === "filter" && path[0] !== "firewall") return word === "input" || word === "output";
  if (path[i - 1] === "address" && path[i - 3] === "address-book") return true;
  return SINGLE.has(word);
}

/** Two spellings of one port, protocol or host. */
function alike(path: readonly string[], i: number): string {
  const word = path[i] ?? "";
  const before = path[i - 1] ?? "";
  if (before.endsWith("-port")) return NUMBERS[word] ?? word;
  if (before === "protocol" && word === "6") return "tcp";
  if (/^(?:source|destination)-address$/.test(before) && /^[\d.]+$/.test(word)) return `${word}/32`;
  return word;
}
