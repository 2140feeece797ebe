import { compareText } from "../model/finding.ts";
import { UsageError } from "./exit.ts";

/** What a selector can choose. */
export interface Selectable {
  readonly client: string;
  readonly site: string;
  readonly name: string;
  readonly role: string | undefined;
}

/** Chooses by `client`, `client/site`, `client/site/device`; globs allowed, `!` in front excludes, none means all.
 *  @throws UsageError when a selector matches nothing: a typing error must not pass for "nothing to do". */
export function select<T extends Selectable>(
  items: readonly T[],
  selectors: readonly string[],
  role?: string,
): T[] {
  const includes = selectors.filter((selector) => !selector.startsWith("!")).map(toMatcher);
  const excludes = selectors.filter((selector) => selector.startsWith("!")).map((s) => toMatcher(s.slice(1)));
  for (const matcher of [...includes, ...excludes]) {
    if (items.some(matcher.matches)) continue;
    throw new UsageError(`no device matches "${matcher.text}"`, `known: ${knownSites(items)}`);
  }
  return items.filter((item) => {
    if (includes.length > 0 && !includes.some((matcher) => matcher.matches(item))) return false;
    if (excludes.some((matcher) => matcher.matches(item))) return false;
    return role === undefined || item.role === role;
  });
}

/** A selector, ready to be asked. */
export interface Matcher {
  readonly text: string;
  readonly matches: (item: Selectable) => boolean;
}

/** Reads one selector. @throws UsageError where it is none */
export function toMatcher(text: string): Matcher {
  const parts = text.split("/");
  if (text === "" || parts.length > 3 || parts.some((part) => part === "")) {
    throw new UsageError(`"${text}" is not a selector`, "type client, client/site or client/site/device");
  }
  const patterns = parts.map(globToRegExp);
  const matches = (item: Selectable): boolean => {
    const names = [item.client, item.site, item.name];
    return patterns.every((pattern, index) => pattern.test(names[index] ?? ""));
  };
  return { text, matches };
}

function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replace(/\*/g, ".*").replace(/\?/g, ".")}$`);
}

function knownSites(items: readonly Selectable[]): string {
  const sites = [...new Set(items.map((item) => `${item.client}/${item.site}`))].sort(compareText);
  const shown = sites.slice(0, 6).join(", ");
  return sites.length > 6 ? `${shown}, … (${sites.length} sites)` : shown;
}
