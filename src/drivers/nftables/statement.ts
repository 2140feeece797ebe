import { ICMP_TYPES, ICMP6_TYPES, PORTS, PRIORITIES, PROTOCOLS } from "./names.ts";

/** A word, a quoted text or a mark of nftables' language, with the line that it stands on. */
export interface Token {
  readonly text: string;
  readonly line: number;
}

/** Splits lines into tokens; ends of lines are tokens too, comments are none. */
export function tokenize(lines: readonly string[], start: number): Token[] {
  const tokens: Token[] = [];
  lines.slice(start).forEach((line, offset) => {
    const number = start + offset + 1;
    const pattern = /"[^"]*"|#.*$|\\$|[=!<>]=|[{};,=]|[^\s{};,="#!<>]+|[!<>]/g;
    let continued = false;
    for (const [text] of line.matchAll(pattern)) {
      if (text.startsWith("#")) continue;
      if (text === "\\") continued = true;
      else tokens.push({ text, line: number });
    }
    if (!continued) tokens.push({ text: "\n", line: number });
  });
  return tokens;
}

/** Spells a statement as `nft list` does, so that equal statements are equal text: one blank between words, sets
 *  sorted, a set of one without braces, counters without their counts. */
export function spellStatement(tokens: readonly string[]): string {
  const { text } = spellUntil(tokens, 0, false);
  return polish(text);
}

function spellUntil(
  tokens: readonly string[],
  from: number,
  inBraces: boolean,
): { text: string; next: number } {
  const elements: string[] = [];
  let words: string[] = [];
  let at = from;
  for (; at < tokens.length; at += 1) {
    const token = tokens[at] ?? "";
    if (token === "}") break;
    if (token === "\n") continue;
    if (token === "{") {
      const inner = spellUntil(tokens, at + 1, true);
      words.push(words.at(-1) === "=" ? inner.text : single(inner.text));
      at = inner.next;
    } else if (token === "," && inBraces) {
      if (words.length > 0) elements.push(joinWords(words));
      words = [];
    } else words.push(token);
  }
  if (!inBraces) return { text: joinWords(words), next: at };
  if (words.length > 0) elements.push(joinWords(words));
  return { text: `{ ${[...new Set(elements)].sort(compareNatural).join(", ")} }`, next: at };
}

/** A set of one is spelled without braces; maps, and the elements of a named set, keep them. */
function single(set: string): string {
  const element = /^\{ ([^{},]+) \}$/.exec(set)?.[1];
  return element === undefined || element.includes(" : ") ? set : element;
}

function joinWords(words: readonly string[]): string {
  return words
    .join(" ")
    .replace(/ , /g, ",")
    .replace(/^(\S*[^\s:]):$/, "$1 :");
}

/** Orders numbers within text by their value: 80 before 443, 10.0.9.0 before 10.0.10.0. */
function compareNatural(a: string, b: string): number {
  const left = a.split(/(\d+)/);
  const right = b.split(/(\d+)/);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const x = left[at] ?? "";
    const y = right[at] ?? "";
    if (x === y) continue;
    if (at % 2 === 1) return Number(x) - Number(y) || (x < y ? -1 : 1);
    return x < y ? -1 : 1;
  }
  return 0;
}

const STATES = ["invalid", "established", "related", "new", "untracked"];

const SET = "(?:\\{[^}]*\\}|\\S+)";
const PORT_MATCH = new RegExp(`\\b(dport|sport) (!= )?(${SET})`, "g");
const PROTOCOL_MATCH = new RegExp(`\\b(l4proto|ip protocol|nexthdr) (!= )?(${SET})`, "g");
const ICMP_MATCH = new RegExp(`\\b(icmp|icmpv6) type (!= )?(${SET})`, "g");

/** Names and numbers that mean the same, and conditions that nft leaves out because another implies them. */
function polish(text: string): string {
  const quoted = text.split(/("[^"]*")/);
  return quoted.map((part) => (part.startsWith('"') ? part : polishBare(part))).join("");
}

function polishBare(text: string): string {
  const spelled = text
    .replace(/\bcounter packets \d+ bytes \d+/g, "counter")
    .replace(/ level warn\b/g, "")
    .replace(
      PORT_MATCH,
      (_, word: string, not = "", ports: string) =>
        `${word} ${not}${ports.replace(/[a-z][a-z0-9]*/g, (name) => PORTS[name] ?? name)}`,
    )
    .replace(
      PROTOCOL_MATCH,
      (_, word: string, not = "", names: string) => `${word} ${not}${named(names, PROTOCOLS)}`,
    )
    .replace(
      ICMP_MATCH,
      (_, word: string, not = "", types: string) =>
        `${word} type ${not}${named(types, word === "icmp" ? ICMP_TYPES : ICMP6_TYPES)}`,
    )
    .replace(/\bmeta nfproto ipv4 (?=icmp type|meta l4proto icmp\b|ip (?:protocol|saddr|daddr) )/g, "")
    .replace(/\bmeta nfproto ipv6 (?=icmpv6 type|meta l4proto ipv6-icmp\b|ip6 (?:nexthdr|saddr|daddr) )/g, "")
    .replace(/\bmeta l4proto (tcp|udp|sctp|dccp) (?=\1 )/g, "")
    .replace(/\bct state (!= )?([a-z]+(?:,[a-z]+)+)/g, (_, not = "", list: string) => {
      const states = list.split(",").sort((a, b) => STATES.indexOf(a) - STATES.indexOf(b));
      return `ct state ${not}${states.join(",")}`;
    });
  return spelled.replace(
    /\bpriority (-?\d+)\b/,
    (_, number: string) => `priority ${PRIORITIES[number] ?? number}`,
  );
}

function named(text: string, names: Readonly<Record<string, string>>): string {
  return text.replace(/(?<![-\w])\d+(?![-\w])/g, (number) => names[number] ?? number);
}
