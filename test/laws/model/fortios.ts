import { Refused } from "./device.ts";

/** A table or an object. Written from the FortiOS CLI reference: `config`, `edit`, `set`, `append`, `unselect`,
 *  `unset`, `delete`, `move`. Knows nothing of the engine's tables. */
interface Node {
  readonly kind: "object" | "table";
  readonly fields: Map<string, string[]>;
  readonly below: Map<string, Node>;
}

/** Fields that hold several names in no order. */
const MANY = new Set(
  "member allowaccess srcintf dstintf srcaddr dstaddr service interface proposal tcp-portrange day users groups".split(
    " ",
  ),
);
/** Tables whose entries stand in an order that counts. */
const IN_ORDER = new Set([
  "config firewall policy",
  "config firewall local-in-policy",
  "config router policy",
]);
/** Values that the device has without being told. */
const FACTORY: Readonly<Record<string, string>> = {
  "config firewall policy action": "deny",
  "config firewall policy status": "enable",
  "config firewall policy logtraffic": "utm",
  "config firewall policy nat": "disable",
  "config system interface status": "up",
  "config system zone intrazone": "deny",
  "config firewall address type": "ipmask",
};
/** Objects that share their names. */
const OBJECTS = ["config firewall address", "config firewall addrgrp", "config firewall vip"];
/** Fields that want names to exist: in these tables, or by themselves. */
const NEEDS: readonly (readonly [string, string, readonly string[], RegExp])[] = [
  ["config firewall policy", "srcaddr", OBJECTS, /^(?:all|none)$/],
  ["config firewall policy", "dstaddr", OBJECTS, /^(?:all|none)$/],
  ["config firewall addrgrp", "member", OBJECTS, /^(?:all|none)$/],
];

const INTERFACES = "config system interface";
/** What an interface is told once and for all, or must have. */
const FIXED = new Set(["type", "vdom", "interface", "vlanid"]);

/** Ports of the box: they are there without being told. */
const PORT = /^edit (?:port\d+|wan[12])$/;

/** What a port has from the beginning. */
function isBorn({ fields }: Node, name: string): boolean {
  return name === "type" || (name === "vdom" && fields.get("vdom")?.[0] === "root");
}

function node(kind: Node["kind"]): Node {
  return { kind, fields: new Map(), below: new Map() };
}

/** A FortiGate that takes commands as typed. */
export class FortiosDevice {
  #root = node("object");
  #path: { readonly name: string; readonly node: Node }[] = [];
  #loading = false;

  static load(text: string): FortiosDevice {
    const device = new FortiosDevice();
    device.#loading = true;
    let pending = "";
    for (const raw of text.split("\n")) {
      const line = pending === "" ? raw.trim() : `${pending}\n${raw}`;
      if ((line.replace(/\\./g, "").split('"').length - 1) % 2 === 1) {
        pending = line;
        continue;
      }
      pending = "";
      if (line !== "" && !line.startsWith("#") && !/^set (?:uuid|snmp-index) /.test(line)) device.type(line);
    }
    device.#path = [];
    device.#loading = false;
    return device;
  }

  /** A device of the same state, with no section open. */
  copy(): FortiosDevice {
    const other = new FortiosDevice();
    other.#root = structuredClone(this.#root);
    return other;
  }

  type(line: string): void {
    const [verb = "", ...rest] = wordsOf(line.trim());
    const top = this.#path.at(-1)?.node ?? this.#root;
    const [name = ""] = rest;
    if (verb === "config") {
      const key = `config ${rest.join(" ")}`;
      this.#enter(key, top.below.get(key) ?? node("table"), top);
    } else if (verb === "edit") {
      if (!this.#path.at(-1)?.name.startsWith("config "))
        throw new Refused(`edit outside of a table: ${line}`);
      this.#enter(`edit ${name}`, top.below.get(`edit ${name}`) ?? node("object"), top);
    } else if (verb === "next") {
      if (!this.#path.at(-1)?.name.startsWith("edit ")) throw new Refused("next outside of an entry");
      this.#path.pop();
    } else if (verb === "end") {
      if (this.#path.length === 0) throw new Refused("end outside of a section");
      if (this.#path.at(-1)?.name.startsWith("edit ")) this.#path.pop();
      this.#path.pop();
    } else this.#change(verb, rest, top, line);
  }

  #enter(name: string, inner: Node, parent: Node): void {
    parent.below.set(name, inner);
    this.#path = [...this.#path, { name, node: inner }];
  }

  #change(verb: string, rest: readonly string[], top: Node, line: string): void {
    const [name = "", ...values] = rest;
    if (this.#path.length === 0) throw new Refused(`outside of any section: ${line}`);
    const held = top.fields.get(name) ?? [];
    if (verb === "set") this.#put(top, name, values.flatMap(masked));
    else if (verb === "append") this.#put(top, name, [...held, ...values]);
    else if (verb === "unselect") {
      if (!values.every((value) => held.includes(value))) throw new Refused(`not selected: ${line}`);
      this.#put(
        top,
        name,
        held.filter((value) => !values.includes(value)),
      );
    } else if (verb === "unset") {
      if (this.#isInterface() && FIXED.has(name))
        throw new Refused(`an interface keeps its ${name}: ${line}`);
      if (!held.length && !top.fields.has(name)) throw new Refused(`nothing to unset: ${line}`);
      top.fields.delete(name);
    } else if (verb === "delete") this.#delete(top, name, line);
    else if (verb === "move") this.#move(top, rest, line);
    else throw new Refused(`unknown command ${line}`);
  }

  #put(top: Node, name: string, values: readonly string[]): void {
    const table = this.#path.findLast((level) => level.name.startsWith("config "))?.name ?? "";
    if (values.length === 0 && MANY.has(name)) throw new Refused(`a list may not be empty: ${name}`);
    for (const [where, field, target, free] of NEEDS)
      if (!this.#loading && where === table && field === name)
        for (const value of values)
          if (
            !free.test(value) &&
            !target.some((other) => this.#root.below.get(other)?.below.has(`edit ${value}`))
          )
            throw new Refused(`entry not found: ${value}`);
    top.fields.set(name, MANY.has(name) ? [...new Set(values)].sort() : [...values]);
  }

  #delete(top: Node, name: string, line: string): void {
    if (!top.below.has(`edit ${name}`)) throw new Refused(`entry not found: ${line}`);
    const table = this.#path.at(-1)?.name ?? "";
    if (table === INTERFACES && PORT.test(`edit ${name}`))
      throw new Refused(`a port cannot be deleted: ${line}`);
    for (const [where, field, target] of NEEDS)
      if (target.includes(table))
        for (const user of this.#root.below.get(where)?.below.values() ?? [])
          if (user.fields.get(field)?.includes(name)) throw new Refused(`still used by ${where}: ${name}`);
    top.below.delete(`edit ${name}`);
  }

  #isInterface(): boolean {
    return this.#path.at(-1)?.name.startsWith("edit ") === true && this.#path.at(-2)?.name === INTERFACES;
  }

  #move(top: Node, [name = "", where = "", other = ""]: readonly string[], line: string): void {
    const moved = top.below.get(`edit ${name}`);
    const rest = [...top.below].filter(([key]) => key !== `edit ${name}`);
    const at = rest.findIndex(([key]) => key === `edit ${other}`);
    if (!moved || at < 0 || !/^(?:before|after)$/.test(where)) throw new Refused(`cannot move: ${line}`);
    const place = where === "before" ? at : at + 1;
    top.below.clear();
    for (const [key, value] of [
      ...rest.slice(0, place),
      [`edit ${name}`, moved] as const,
      ...rest.slice(place),
    ])
      top.below.set(key, value);
  }

  /** Entries of a table at the top with their fields, in their order. */
  entries(table: string): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
    const below = this.#root.below.get(`config ${table}`)?.below ?? new Map<string, Node>();
    return new Map([...below].map(([name, entry]) => [name.slice("edit ".length), entry.fields]));
  }

  /** What it holds, defaults left out. */
  show(): string {
    const lines: string[] = [];
    const walk = (inner: Node, path: readonly string[]) => {
      const table = path.findLast((name) => name.startsWith("config ")) ?? "";
      const port = path.at(-2) === INTERFACES && PORT.test(path.at(-1) ?? "");
      for (const name of [...inner.fields.keys()].sort()) {
        if (port && isBorn(inner, name)) continue;
        const value = (inner.fields.get(name) ?? []).join(" ");
        if (FACTORY[`${table} ${name}`] !== value) lines.push(`${path.join(" / ")} ${name}=${secret(value)}`);
      }
      const names = [...inner.below.keys()];
      if (!IN_ORDER.has(path.at(-1) ?? "")) names.sort();
      for (const name of names) {
        const isHeld = name.startsWith("edit ") && !(path.at(-1) === INTERFACES && PORT.test(name));
        if (isHeld) lines.push(`${path.join(" / ")} ${name}`);
        walk(inner.below.get(name) as Node, [...path, name]);
      }
    };
    walk(this.#root, []);
    return lines.join("\n");
  }
}

function wordsOf(line: string): string[] {
  return (line.match(/"(?:[^"\\]|\\.)*"|[^\s"]+/gs) ?? []).map((word) =>
    word.startsWith('"') ? word.slice(1, -1) : word,
  );
}

/** The device shows a secret with a new salt each time. */
function secret(value: string): string {
  return value.startsWith("ENC ") ? "ENC" : value;
}

function masked(value: string): string[] {
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(value);
  if (!match) return [value];
  const bits = "1".repeat(Number(match[2])).padEnd(32, "0");
  return [match[1] ?? "", [0, 8, 16, 24].map((at) => Number.parseInt(bits.slice(at, at + 8), 2)).join(".")];
}
