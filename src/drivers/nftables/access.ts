import { type Address, containsAddress, parseAddress, parsePrefix } from "../../model/address.ts";
import type { ConfigNode } from "../../planner/config/types.ts";

/** What becomes of a new SSH connection from an address to the firewall itself. */
export type AccessVerdict = "permit" | "deny" | "unknown";

const SSH_PORT = 22;
const MAX_DEPTH = 16;

/** Walks the input chains of a table with a new SSH connection from an address. A condition that is not modelled here
 *  makes the answer `unknown`, unless an exact rule has decided before. */
export function mayManage(table: ConfigNode, source: string): AccessVerdict {
  const address = parseAddress(source);
  if (address === undefined) return "unknown";
  const inputs = table.children.filter((chain) =>
    chain.children.some(({ key }) => key.startsWith("type filter hook input ")),
  );
  const verdicts = inputs.map((chain) => walk(table, chain, address, 0) ?? policyOf(chain));
  if (verdicts.includes("deny")) return "deny";
  return verdicts.includes("unknown") ? "unknown" : "permit";
}

function policyOf(chain: ConfigNode): AccessVerdict {
  return chain.children.some(({ key }) => /; policy drop;$/.test(key)) ? "deny" : "permit";
}

function walk(
  table: ConfigNode,
  chain: ConfigNode,
  source: Address,
  depth: number,
): AccessVerdict | undefined {
  if (depth > MAX_DEPTH) return "unknown";
  for (const { key } of chain.children) {
    if (key.startsWith("type ") && key.includes(" hook ")) continue;
    const match = matches(key, source);
    if (match === "no") continue;
    const target = /\b(?:jump|goto) (\S+)/.exec(key)?.[1];
    if (target !== undefined) {
      const next = table.children.find((child) => child.key === `chain ${target}`);
      const inner = next === undefined ? "unknown" : walk(table, next, source, depth + 1);
      if (inner !== undefined) return match === "yes" ? inner : "unknown";
      continue;
    }
    const verdict = verdictOf(key);
    if (verdict === undefined) continue;
    return match === "yes" ? verdict : "unknown";
  }
  return undefined;
}

function verdictOf(rule: string): AccessVerdict | undefined {
  const bare = rule.replace(/"[^"]*"/g, "");
  if (/\b(drop|reject)\b/.test(bare)) return "deny";
  return /\baccept\b/.test(bare) ? "permit" : undefined;
}

/** The conditions of our own making are decided; of others only that they may hold. */
function matches(rule: string, source: Address): "yes" | "no" | "maybe" {
  let rest = rule
    .replace(/comment "[^"]*"/, "")
    .replace(/log prefix "[^"]*"( level \w+)?/, "")
    .replace(/limit rate \S+( burst \d+ packets)?/, "")
    .replace(/\b(counter|accept|drop|reject|jump \S+|goto \S+)\b/g, "")
    .trim();
  if (/^ct state (established|related|invalid|established,related|vmap \{.*\})/.test(rest)) return "no";
  if (/^iifname "lo"/.test(rest)) return "no";
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest);
    if (found) rest = rest.replace(found[0], "").trim();
    return found?.[1];
  };
  const family = take(/^meta nfproto (ipv4|ipv6)/);
  if (family !== undefined && (family === "ipv4") !== (source.version === 4)) return "no";
  const from = take(/^ip6? saddr (\{[^}]*\}|\S+)/);
  if (from !== undefined && !holds(from, source)) return "no";
  const ports = take(/^tcp dport (\{[^}]*\}|\S+)/);
  if (ports !== undefined && !holdsPort(ports)) return "no";
  const isElsewhere = take(/^iifname (\{[^}]*\}|\S+)/) !== undefined;
  const protocol = take(/^meta l4proto (\{[^}]*\}|\S+)/);
  if (protocol !== undefined && !elementsOf(protocol).includes("tcp")) return "no";
  if (/^(udp|icmp|icmpv6|sctp)\b/.test(rest)) return "no";
  if (isElsewhere) return "maybe";
  return rest === "" ? "yes" : "maybe";
}

const elementsOf = (text: string): string[] =>
  text
    .replace(/[{}]/g, "")
    .split(",")
    .map((word) => word.trim());

function holds(set: string, source: Address): boolean {
  return elementsOf(set).some((element) => {
    const prefix = parsePrefix(element)?.prefix;
    if (prefix !== undefined) return containsAddress(prefix, source);
    const [low, high] = element.split("-").map(parseAddress);
    if (low === undefined || low.version !== source.version) return false;
    return low.value <= source.value && source.value <= (high ?? low).value;
  });
}

function holdsPort(set: string): boolean {
  return elementsOf(set).some((element) => {
    const [low, high] = element.split("-").map(Number);
    return low !== undefined && low <= SSH_PORT && SSH_PORT <= (high ?? low);
  });
}
