import type { CompiledDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import type { Header, Operation } from "./operation.ts";
import { captureValues, fillTemplate } from "./pattern.ts";
import { referenceName } from "./references.ts";
import type { ClaimTest } from "./scope.ts";
import { sameSecret } from "./secrets.ts";
import type { Block, Entry, Statement } from "./state.ts";
import { isIpv4, maskBase, maskOfLength } from "./words.ts";

export interface Work {
  /** Tells whether running defines a name at root. */
  readonly knows: (name: string) => boolean;
  readonly compiled: CompiledDialect;
  readonly claims: ClaimTest;
  readonly rotated: ReadonlySet<string>;
  readonly operations: Operation[];
  readonly unproved: string[];
  unmanaged: number;
}

export interface Siblings {
  /** Blocks that go together by one command, by the slot of each. */
  readonly families: ReadonlyMap<string, readonly Statement[]>;
  /** Lines that the device wipes by itself in this change. */
  readonly wiped: readonly Statement[];
  /** Beginnings of slots that some line of the block wipes when it changes. */
  readonly cleared: readonly string[];
  /** Lines that go and take others of the block along, with how those begin. */
  readonly owners: ReadonlyMap<string, string>;
  readonly old: ReadonlyMap<string, Statement>;
  readonly next: ReadonlyMap<string, Statement>;
}

export interface Place {
  readonly path: readonly Header[];
  readonly texts: readonly string[];
  readonly slots: string;
  /** Content namespaces that the enclosing block defines. */
  readonly touches: readonly string[];
  readonly headers: ReadonlyMap<string, Statement>;
  /** Names that the enclosing blocks lean on: typed after they exist, before they go. */
  readonly leans: readonly string[];
  /** How many lines later the block stands in intended than its statements say. */
  readonly shift: number;
  readonly claimed: boolean;
}

/** Tells whether two statements say the same. */
export function sameStatement(a: Statement, b: Statement, rotated: ReadonlySet<string>): boolean {
  return a.text === b.text && sameSecret(a.secret, b.secret, rotated);
}

/** Tells whether two blocks say the same in the same order. */
export function sameBlock(a: Block, b: Block, rotated: ReadonlySet<string>): boolean {
  if (a === b && rotated.size === 0) return true;
  if (a.items.size !== b.items.size || !sameEntries(a.entries ?? [], b.entries ?? [])) return false;
  const others = b.items.values();
  for (const statement of a.items.values()) {
    const other = others.next().value;
    if (other === undefined || statement.slot !== other.slot) return false;
    if (statement.negated !== other.negated || !sameStatement(statement, other, rotated)) return false;
    if (statement.block === undefined && other.block === undefined) continue;
    if (!statement.block || !other.block || !sameBlock(statement.block, other.block, rotated)) return false;
  }
  return true;
}

/** The numbers of entries say nothing: only their order does. */
function sameEntries(a: readonly Entry[], b: readonly Entry[]): boolean {
  return (
    a === b ||
    (a.length === b.length && a.every((entry, i) => entry.text === b[i]?.text && entry.note === b[i]?.note))
  );
}

/** What a line takes for itself: a name that it holds alone wants the holders of a share gone as well. */
export function takesOf(statement: Statement, scope: string): string[] {
  const net = networkOf(statement);
  if (net) return [net.own, below(net.own), ...net.above];
  return [
    ...heldName(statement, scope, "exclusive").flatMap((name) => [name, `${name}, shared`]),
    ...heldName(statement, scope, "shares"),
  ];
}

/** What a line sets free when it goes. */
export function releasesOf(statement: Statement, scope: string): string[] {
  const net = networkOf(statement);
  if (net) return [net.own, ...net.above.map(below)];
  return [
    ...heldName(statement, scope, "exclusive"),
    ...heldName(statement, scope, "shares").map((name) => `${name}, shared`),
  ];
}

/** The network that an address line holds alone, and those that contain it: no other interface may lie in any of them. */
function networkOf(
  statement: Statement,
): { readonly own: string; readonly above: readonly string[] } | undefined {
  if (statement.match?.rule.exclusive !== "$net" || statement.negated) return undefined;
  const [address = "", mask = ""] = statement.match.captures.map(({ text }) => text);
  if (!isIpv4(address) || !isIpv4(mask)) return undefined;
  const length = mask
    .split(".")
    .reduce((sum, octet) => sum + Number(octet).toString(2).replaceAll("0", "").length, 0);
  const network = (bits: number) => `${maskBase(address, maskOfLength(bits))}/${bits}`;
  const above = Array.from({ length: Math.max(0, length - WIDEST) }, (_, i) => network(WIDEST + i));
  return { own: network(length), above };
}

/** The shortest prefix that an interface is looked for in. */
const WIDEST = 8;

/** Something that lies within a network. */
function below(network: string): string {
  return `${network}, a part of it`;
}

function heldName(statement: Statement, scope: string, how: "exclusive" | "shares"): string[] {
  const template = statement.match?.rule[how];
  if (template === undefined || statement.negated) return [];
  const captures = statement.match?.captures ?? [];
  const name = fillTemplate(template, captureValues(captures));
  return [name.startsWith("local:") ? `${scope}|${name}` : name];
}

/** How a line begins of which the table does not tell whether another like it stands beside it or in its place: taken
 *  away after that one had come, it could take that one with it. */
export function unsureHead(dialect: Dialect, statement: Statement, scope: string): string | undefined {
  const rule = statement.match?.rule;
  if (dialect.layout !== "indent" || rule?.many || statement.set) return undefined;
  if (statement.block && rule?.life !== "optional") return undefined;
  const rest = rule === undefined ? 0 : rule.tokens.findIndex((token) => token.kind === "rest" && token.key);
  if (rest < 0) return undefined;
  const words = statement.text.split(" ").slice(statement.negated ? 1 : 0);
  return `${scope}|${words.slice(0, Math.max(rest, 1)).join(" ")}`;
}

/** Names that bring a line behind or before those that guard the same thing: a policy is bound before its neighbor is
 *  activated, and goes after that.
 *  @param comes - the line comes; else it goes */
export function guardLinks(
  statement: Statement,
  place: Place,
  comes: boolean,
): { readonly takes: readonly string[]; readonly releases: readonly string[] } {
  const rule = statement.match?.rule;
  const template = rule?.guards ?? rule?.opens;
  if (template === undefined || statement.negated) return NO_LINKS;
  const named = fillTemplate(template, captureValues(statement.match?.captures ?? []));
  const name = `${comes ? "guard" : "unguard"}:${place.path[0]?.slot ?? ""}|${named}`;
  const first = comes === (rule?.guards !== undefined);
  return first ? { takes: [], releases: [name] } : { takes: [name], releases: [] };
}

const NO_LINKS = { takes: [], releases: [] } as const;

export function without(list: readonly string[] | undefined, other: readonly string[] | undefined): string[] {
  return (list ?? []).filter((name) => !other?.includes(name));
}

export function startsSlot(slot: string, head: string): boolean {
  return slot === head || slot.startsWith(`${head} `);
}

/** A block that exists by a set's element leans on it: `vlan 10` may be entered once VLAN 10 exists. */
export function headerLeans(dialect: Dialect, statement: Statement): string[] {
  if (statement.match?.rule.implies === undefined) return [];
  return statement.match.captures
    .filter((c) => Object.hasOwn(dialect.namespaces, c.type))
    .map((c) => referenceName(dialect, c.type, c.text));
}

/** Tells how much of a statement a change may touch, by its line before or after. */
export function claimOf(
  work: Work,
  place: Place,
  a: Statement | undefined,
  b: Statement | undefined,
): "all" | "some" | "none" {
  const first = work.claims([...place.texts, b?.text ?? a?.text ?? ""]);
  if (first === "all" || !a || !b || a.text === b.text) return first;
  const second = work.claims([...place.texts, a.text]);
  return second === "none" ? first : second;
}
