import { parseAddress } from "../../model/address.ts";
import type { AddressTerm, Family } from "../flows/types.ts";
import { type AddressSet, otherSide, sidePredicates } from "./address-sets.ts";
import { every, rangeBetween, readMasked, readPrefix } from "./addresses.ts";
import { readApplications } from "./junos-applications.ts";
import { type JunosNode, nodeAt, wordsBelow } from "./junos-tree.ts";
import { lazyFilter } from "./lazy.ts";
import { ListBuilder } from "./list-builder.ts";
import { all, condition, only, type Predicate } from "./predicate.ts";
import type { ExtractedFilter } from "./types.ts";

const FAMILIES: readonly Family[] = [4, 6];

/** Reads security policies: one filter for each pair of zones, `FROM->TO`. Policies of the pair come first, then global
 *  ones, then the default. Packets of open sessions pass before any policy is asked. */
export function junosPolicies(root: JunosNode): ExtractedFilter[] {
  const policies = nodeAt(root, "security", "policies");
  if (policies === undefined) return [];
  const zones = new Set(wordsBelow(root, "security", "zones", "security-zone"));
  const pairs = new Set<string>();
  for (const [from, node] of nodeAt(policies, "from-zone")?.children ?? []) {
    zones.add(from);
    for (const to of wordsBelow(node, "to-zone")) {
      zones.add(to);
      pairs.add(`${from}->${to}`);
    }
  }
  const names = [...zones].sort();
  return names.flatMap((from) =>
    names.map((to) => {
      const name = `${from}->${to}`;
      return lazyFilter({ name, derived: !pairs.has(name) }, () => filterOf(root, from, to));
    }),
  );
}

function filterOf(root: JunosNode, from: string, to: string): ExtractedFilter {
  const policies = nodeAt(root, "security", "policies");
  const builder = new ListBuilder();
  builder.add("permit", only({ states: ["established", "related"] }), undefined);
  const own = nodeAt(policies, "from-zone", from, "to-zone", to, "policy");
  for (const [, policy] of own?.children ?? []) addPolicy(builder, root, policy, { from, to });
  for (const [, policy] of nodeAt(policies, "global", "policy")?.children ?? []) {
    if (isForZones(policy, from, to)) addPolicy(builder, root, policy, { from: "", to: "" });
  }
  const permitAll = nodeAt(policies, "default-policy", "permit-all");
  return builder.build({
    name: `${from}->${to}`,
    defaultAction: permitAll === undefined ? "deny" : "permit",
    ...(permitAll === undefined ? {} : { defaultLine: permitAll.at }),
  });
}

function isForZones(policy: JunosNode, from: string, to: string): boolean {
  const meant = (side: string, zone: string) => {
    const zones = wordsBelow(policy, "match", side);
    return zones.length === 0 || zones.includes(zone) || zones.includes("any");
  };
  return meant("from-zone", from) && meant("to-zone", to);
}

/** Conditions of a policy that the algebra models; anything else is a condition in words. */
const MODELLED = new Set([
  "source-address",
  "destination-address",
  "application",
  "source-address-excluded",
  "destination-address-excluded",
  "from-zone",
  "to-zone",
]);

function addPolicy(
  builder: ListBuilder,
  root: JunosNode,
  policy: JunosNode,
  zones: { from: string; to: string },
): void {
  const match = nodeAt(policy, "match");
  const conditions: Predicate[] = [];
  for (const [word, node] of match?.children ?? []) {
    const values = [...node.children.keys()];
    if (!MODELLED.has(word) && !values.includes("any"))
      conditions.push(condition([word, ...values].join(" ")));
  }
  for (const name of wordsBelow(policy, "scheduler-name")) conditions.push(condition(`scheduler ${name}`));
  const action = nodeAt(policy, "then", "permit") === undefined ? "deny" : "permit";
  const sources = side(root, match, "source", zones.from);
  const destinations = side(root, match, "destination", zones.to);
  const services = readApplications(root, wordsBelow(match, "application"));
  const kinds: Predicate[] = [{ matches: services.matches, conditions: [] }];
  if (services.open.length > 0)
    kinds.push(condition(`application ${[...services.open].sort().join(" or ")}`));
  for (const source of sources) {
    for (const destination of destinations) {
      for (const service of kinds) {
        const predicate = all([source, destination, service, ...conditions]);
        if (predicate.matches.length > 0) builder.add(action, predicate, policy.at);
      }
    }
  }
}

function side(
  root: JunosNode,
  match: JunosNode | undefined,
  word: "source" | "destination",
  zone: string,
): Predicate[] {
  const set = addressesOf(root, wordsBelow(match, `${word}-address`), zone);
  const key = word === "source" ? "src" : "dst";
  const excluded = nodeAt(match, `${word}-address-excluded`) !== undefined;
  return excluded ? [otherSide(set, key, FAMILIES)] : sidePredicates(set, key, FAMILIES);
}

function addressesOf(root: JunosNode, names: readonly string[], zone: string): AddressSet {
  const terms: AddressTerm[] = [];
  const open: string[] = [];
  for (const name of names) {
    if (name === "any") terms.push(...every(4), ...every(6));
    else if (name === "any-ipv4") terms.push(...every(4));
    else if (name === "any-ipv6") terms.push(...every(6));
    else {
      const found = lookUp(root, name, zone, []);
      terms.push(...found.terms);
      open.push(...found.open);
    }
  }
  return { terms, open };
}

/** Looks a name up in the zone's own book, the books attached to the zone, and the global one. */
function lookUp(root: JunosNode, name: string, zone: string, above: readonly string[]): AddressSet {
  if (above.includes(name)) return { terms: [], open: [name] };
  for (const book of booksOf(root, zone)) {
    const address = nodeAt(book, "address", name);
    if (address !== undefined) return readAddress(address, name);
    const set = nodeAt(book, "address-set", name);
    if (set === undefined) continue;
    const members = [...wordsBelow(set, "address"), ...wordsBelow(set, "address-set")];
    const inner = members.map((member) => lookUp(root, member, zone, [...above, name]));
    return { terms: inner.flatMap((part) => part.terms), open: inner.flatMap((part) => part.open) };
  }
  const prefix = parseAddress(name.split("/")[0] ?? "") && readPrefix(name);
  return prefix === undefined ? { terms: [], open: [name] } : { terms: [prefix], open: [] };
}

function booksOf(root: JunosNode, zone: string): (JunosNode | undefined)[] {
  const books = [...(nodeAt(root, "security", "address-book")?.children ?? [])];
  const attached = books.filter(([, book]) => nodeAt(book, "attach", "zone", zone) !== undefined);
  return [
    nodeAt(root, "security", "zones", "security-zone", zone, "address-book"),
    ...attached.map(([, book]) => book),
    nodeAt(root, "security", "address-book", "global"),
  ];
}

function readAddress(address: JunosNode, name: string): AddressSet {
  const [first] = [...address.children].filter(([word]) => word !== "description");
  const [word, node] = first ?? [];
  const term = word === undefined || node === undefined ? undefined : readTerm(word, node);
  return term === undefined ? { terms: [], open: [name] } : { terms: [term], open: [] };
}

function readTerm(word: string, node: JunosNode): AddressTerm | undefined {
  const [value = ""] = node.children.keys();
  if (word === "ip-prefix") return readPrefix(value);
  if (word === "range-address") return rangeBetween(value, wordsBelow(node, value, "to")[0] ?? "");
  if (word === "wildcard-address") {
    const [address = "", mask = ""] = value.split("/");
    return readMasked(address, mask);
  }
  return readPrefix(word);
}
