/** What a modelled device holds: lines by the name under which a second line overwrites them. */
export interface Held {
  line: string;
  below: Map<string, Held> | undefined;
  entries: Map<number, string> | undefined;
}

export type Shelf = Map<string, Held>;

/** A refusal, in the model's own words. */
export class Refused extends Error {}

/** Writes what a device holds in a settled form, so that two devices can be compared: names of list entries'
 *  numbers do not count, their order does. */
export function dump(shelf: Shelf, depth = 0): string {
  const lines: string[] = [];
  for (const key of [...shelf.keys()].sort()) {
    const held = shelf.get(key) as Held;
    const inner = held.below ? dump(held.below, depth + 1) : "";
    const entries = held.entries
      ? [...held.entries.entries()]
          .sort((a, b) => a[0] - b[0])
          .map(([, text]) => `${" ".repeat(depth + 1)}- ${text}`)
          // Members of a group have no order.
          .sort((a, b) => (held.line.startsWith("object-group") ? a.localeCompare(b) : 0))
      : [];
    if (held.below && inner === "" && entries.length === 0 && held.line.startsWith("(")) continue;
    lines.push(`${" ".repeat(depth)}${held.line.replace(/^\((.*)\)$/, "$1")}`);
    if (inner !== "") lines.push(inner);
    lines.push(...entries);
  }
  return lines.join("\n");
}

/** Reads `10,20-25` or `10 20 to 25` as numbers. */
export function numbersIn(text: string): Set<number> {
  const result = new Set<number>();
  for (const part of text.replace(/(\d+)\s+to\s+(\d+)/g, "$1-$2").split(/[\s,]+/)) {
    const [low, high] = part.split("-").map(Number);
    if (low === undefined || Number.isNaN(low)) continue;
    for (let n = low; n <= (high ?? low); n++) result.add(n);
  }
  return result;
}

/** Spells numbers one by one: plain on purpose. */
export function spell(numbers: Iterable<number>): string {
  return [...numbers].sort((a, b) => a - b).join(",");
}

/** MST: a VLAN lies in one instance; a range is added to it or taken out. On VRP and Comware nothing of the region takes
 *  effect before `active region-configuration`.
 *  @returns whether the line is of an instance */
export function changeRegion(shelf: Shelf, line: string, negated: boolean): boolean {
  if (/^(?:instance|region-name|revision-level) /.test(line)) shelf.delete("active region-configuration");
  const [, own = "", list = ""] = /^(instance \d+ vlan) (.+)$/.exec(line) ?? [];
  if (own === "") return false;
  const given = numbersIn(list);
  const mapped = (name: string) => numbersIn(shelf.get(name)?.line.slice(name.length) ?? "");
  if (negated && ![...given].some((vlan) => mapped(own).has(vlan))) throw new Refused(`not mapped: ${line}`);
  const keep = (name: string, vlans: Iterable<number>) => {
    const text = spell(new Set(vlans));
    if (text === "") shelf.delete(name);
    else shelf.set(name, { line: `${name} ${text}`, below: undefined, entries: undefined });
  };
  for (const name of [...shelf.keys()].filter((other) => other.startsWith("instance ")))
    keep(
      name,
      [...mapped(name)].filter((vlan) => !given.has(vlan)),
    );
  if (!negated) keep(own, [...mapped(own), ...given]);
  return true;
}

/** Copies what one shelf holds into another, so that the two change apart. */
export function copyInto(target: Shelf, source: Shelf): void {
  target.clear();
  for (const [name, held] of source) {
    const below = held.below && new Map<string, Held>();
    if (below) copyInto(below, held.below as Shelf);
    target.set(name, { line: held.line, below, entries: held.entries && new Map(held.entries) });
  }
}
