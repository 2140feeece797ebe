import type { ConfigNode } from "../../planner/config/types.ts";
import type { BlockReader } from "../linux-common/canonical.ts";
import { spellStatement, type Token, tokenize } from "./statement.ts";

const BLOCK_WORDS = /^(chain|set|map|flowtable|counter|quota|limit|ct|secmark|synproxy)$/;

/** First words of the statements that we understand. */
const KNOWN =
  /^(type|typeof|flags|elements|policy|hook|devices?|timeout|size|gc-interval|auto-merge|comment|ct|ip|ip6|tcp|udp|icmp|icmpv6|icmp6|inet|meta|iif|oif|iifname|oifname|iifgroup|oifgroup|iiftype|mark|fib|th|sctp|dccp|udplite|ether|vlan|arp|ah|esp|rt|socket|numgen|jhash|limit|log|counter|accept|drop|reject|return|continue|jump|goto|queue|masquerade|snat|dnat|redirect|notrack|add|update|set|delete|dup|fwd|tproxy|exthdr|dst|frag|mh|hbh|nftrace|packets|bytes|quota|flow|synproxy|xt|protocol|over|rate|priority|comp|osf|pkttype|skuid|skgid|cgroup|day|hour|time|ibrname|obrname)$/;

/** Reads one table of `nft list ruleset`, from its header to its closing brace. */
export const readTable: BlockReader = (lines, start) => {
  if (!/^\s*table\s/.test(lines[start] ?? "")) return undefined;
  const cursor = new Cursor(tokenize(tableLines(lines, start), start));
  const head = cursor.until("{");
  cursor.skip();
  const words = head.map((token) => token.text).filter((text) => text !== "\n");
  const name = words.length === 2 ? ["table", "ip", words[1] ?? ""] : words;
  const children = readBody(cursor, 1);
  const end = cursor.line() ?? lines.length;
  const text = (lines[start] ?? "").trim();
  const node = {
    key: name.join(" "),
    text,
    line: start + 1,
    children,
    understood: true,
    role: "statement" as const,
  };
  return { node, next: Math.max(end, start + 1) };
};

/** Tokens of a whole file would be made anew for each table: only the lines up to the next table are cut. */
function tableLines(lines: readonly string[], start: number): readonly string[] {
  let end = start + 1;
  while (end < lines.length && !/^\s*table\s/.test(lines[end] ?? "")) end += 1;
  return lines.slice(0, end);
}

class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }
  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
  skip(): void {
    this.#at += 1;
  }
  /** Line of the last token taken. */
  line(): number | undefined {
    return this.#tokens[Math.min(this.#at, this.#tokens.length) - 1]?.line;
  }
  /** Takes tokens up to a mark, which stays. */
  until(mark: string): Token[] {
    const taken: Token[] = [];
    for (let token = this.peek(); token !== undefined && token.text !== mark; token = this.peek()) {
      taken.push(token);
      this.skip();
    }
    return taken;
  }
}

function readBody(cursor: Cursor, depth: number): ConfigNode[] {
  const nodes: ConfigNode[] = [];
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    if (token.text === "}") {
      cursor.skip();
      break;
    }
    if (token.text === "\n" || token.text === ";") {
      cursor.skip();
      continue;
    }
    nodes.push(
      depth === 1 && BLOCK_WORDS.test(token.text) ? readBlock(cursor, depth) : readStatement(cursor),
    );
  }
  return mergePolicy(nodes);
}

function readBlock(cursor: Cursor, depth: number): ConfigNode {
  const head = cursor.until("{").filter((token) => token.text !== "\n");
  cursor.skip();
  const key = spellStatement(head.map((token) => token.text));
  const children = withoutLearnt(readBody(cursor, depth + 1));
  return node(key, head[0]?.line ?? 0, children);
}

/** Elements that packets put into a set, and that time out of it, are no configuration. */
function withoutLearnt(children: readonly ConfigNode[]): readonly ConfigNode[] {
  if (!children.some(({ key }) => /^flags .*\b(dynamic|timeout)\b/.test(key))) return children;
  return children.filter(({ key }) => !key.startsWith("elements "));
}

function readStatement(cursor: Cursor): ConfigNode {
  const taken: string[] = [];
  const line = cursor.peek()?.line ?? 0;
  let braces = 0;
  for (let token = cursor.peek(); token !== undefined; token = cursor.peek()) {
    if (braces === 0 && (token.text === "\n" || token.text === ";" || token.text === "}")) break;
    if (token.text === "{") braces += 1;
    if (token.text === "}") braces -= 1;
    taken.push(token.text);
    cursor.skip();
  }
  return node(spellStatement(taken), line, []);
}

function node(key: string, line: number, children: readonly ConfigNode[]): ConfigNode {
  const first = key.split(" ")[0] ?? "";
  const understood = children.length > 0 || BLOCK_WORDS.test(first) || KNOWN.test(first);
  return { key, text: key, line, children, understood, role: "statement" };
}

/** `type … hook … priority …` and its policy are one statement, as nft prints them; the policy is accept by default. */
function mergePolicy(nodes: readonly ConfigNode[]): ConfigNode[] {
  const hook = nodes.find(({ key }) => key.startsWith("type ") && key.includes(" hook "));
  if (hook === undefined) return [...nodes];
  const policy = nodes.find(({ key }) => /^policy \w+$/.test(key))?.key ?? "policy accept";
  const merged = { ...hook, key: `${hook.key}; ${policy};`, text: `${hook.text}; ${policy};` };
  return nodes.flatMap((each) => {
    if (each === hook) return [merged];
    return /^policy \w+$/.test(each.key) ? [] : [each];
  });
}
