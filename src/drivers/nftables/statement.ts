/** A word, a quoted text or a mark of nftables' language, with the line that it stands on. */
export interface Token {
  readonly text: string;
  readonly line: number;
}

const MARKS = "{};,=";

/** Splits lines into tokens; ends of lines are tokens too, comments are none. */
export function tokenize(lines: readonly string[], start: number): Token[] {
  const tokens: Token[] = [];
  lines.slice(start).forEach((line, offset) => {
    const number = start + offset + 1;
    const pattern = /"[^"]*"|#.*$|\\$|[{};,=]|[^\s{};,="#]+/g;
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
      words.push(inner.text);
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

function joinWords(words: readonly string[]): string {
  return words
    .join(" ")
    .replace(/ , /g, ",")
    .replace(/^(\S+):$/, "$1 :");
}

/** Orders numbers within text by their value: 80 before 443, 10.0.9.0 before 10.0.10.0. */
export function compareNatural(a: string, b: string): number {
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

const PRIORITIES: Readonly<Record<string, string>> = {
  "-300": "raw",
  "-150": "mangle",
  "-100": "dstnat",
  "0": "filter",
  "50": "security",
  "100": "srcnat",
};

const PORT_NAMES: Readonly<Record<string, string>> = {
  ftp: "21",
  ssh: "22",
  telnet: "23",
  smtp: "25",
  domain: "53",
  http: "80",
  ntp: "123",
  snmp: "161",
  https: "443",
  syslog: "514",
};

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  "1": "icmp",
  "2": "igmp",
  "6": "tcp",
  "17": "udp",
  "47": "gre",
  "50": "esp",
  "51": "ah",
  "58": "ipv6-icmp",
  "89": "ospf",
  "112": "vrrp",
  "132": "sctp",
};

const STATES = ["invalid", "established", "related", "new", "untracked"];

function polish(text: string): string {
  let spelled = text
    .replace(/\bcounter packets \d+ bytes \d+/g, "counter")
    .replace(/ level warn\b/g, "")
    .replace(/\b(dport|sport) (!= )?(\{[^}]*\}|\S+)/g, (_, word: string, not = "", ports: string) => {
      return `${word} ${not}${ports.replace(/[a-z]+/g, (name) => PORT_NAMES[name] ?? name)}`;
    })
    .replace(
      /\b(l4proto|ip protocol|nexthdr) (!= )?(\{[^}]*\}|\S+)/g,
      (_, word: string, not = "", names: string) => {
        return `${word} ${not}${names.replace(/\b\d+\b/g, (number) => PROTOCOL_NAMES[number] ?? number)}`;
      },
    )
    .replace(/\bct state (!= )?([a-z]+(?:,[a-z]+)+)/g, (_, not = "", list: string) => {
      const states = list.split(",").sort((a, b) => STATES.indexOf(a) - STATES.indexOf(b));
      return `ct state ${not}${states.join(",")}`;
    });
  if (!spelled.startsWith("elements"))
    spelled = spelled.replace(/(?<!vmap )(?<! map )\{ ([^{},:]+|[0-9a-fA-F:./]+) \}/g, "$1");
  return spelled.replace(
    /\bpriority (-?\d+)\b/,
    (_, number: string) => `priority ${PRIORITIES[number] ?? number}`,
  );
}

/** Tells whether a token is a mark of the language. */
export function isMark(text: string): boolean {
  return text.length === 1 && MARKS.includes(text);
}
