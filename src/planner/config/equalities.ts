import type { Equality } from "./dialect.ts";
import { isIpv4, isNumber, maskBase, maskOfLength } from "./words.ts";

/** Rewrites the words of a line by the equalities of its context. */
export function applyEqualities(
  equalities: readonly Equality[],
  words: readonly string[],
): readonly string[] {
  let result = words;
  for (const entry of equalities) {
    if (entry.kind === "words") result = translateWords(entry, result);
    else if (entry.kind === "sequence") result = replaceSequence(entry, result);
    else if (entry.hook === "wildcard-base") result = maskBases(result);
    else if (entry.hook === "prefix-form") result = prefixForms(result);
    else if (entry.hook === "mask-length") result = maskLengths(result);
    else if (entry.hook === "area-form") result = areaForms(result);
    else if (entry.hook === "hybrid-list") result = hybridList(result);
    else if (entry.hook === "group-names") result = groupNames(result);
    else result = result.map((word) => word.toLowerCase());
  }
  return result;
}

/** Names of object groups, where they are made (`object-group KIND NAME`) and where they are used, in small letters. */
function groupNames(words: readonly string[]): readonly string[] {
  if (!words.includes("object-group") && !words.includes("group-object")) return words;
  const isHeader = words[0] === "object-group";
  return words.map((word, i) => {
    const isName = isHeader
      ? i === words.length - 1
      : /^(?:object-group|group-object)$/.test(words[i - 1] ?? "");
    return isName ? word.toLowerCase() : word;
  });
}

function translateWords(entry: Equality & { kind: "words" }, words: readonly string[]): readonly string[] {
  let copy: string[] | undefined;
  let active = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (entry.after.includes(word)) {
      active = true;
      continue;
    }
    if (!active) continue;
    const other = Object.hasOwn(entry.map, word) ? entry.map[word] : undefined;
    if (other === undefined) {
      active = isNumber(word);
      continue;
    }
    copy ??= [...words];
    copy[i] = other;
  }
  return copy ?? words;
}

function replaceSequence(
  entry: Equality & { kind: "sequence" },
  words: readonly string[],
): readonly string[] {
  const { from, to } = entry;
  const first = from[0];
  let result = words;
  for (let i = 0; i < result.length; i++) {
    if (first !== "<ip>" && result[i] !== first) continue;
    const taken = matchSequence(from, result, i);
    if (!taken) continue;
    const filled = to.map((word) => (word === "$1" ? (taken.ip ?? "") : word));
    result = [...result.slice(0, i), ...filled, ...result.slice(i + taken.length)];
    i += filled.length - 1;
  }
  return result;
}

function matchSequence(
  from: readonly string[],
  words: readonly string[],
  start: number,
): { length: number; ip?: string } | undefined {
  let ip: string | undefined;
  let length = 0;
  for (const part of from) {
    const word = words[start + length];
    if (part === "$") {
      if (word !== undefined) return undefined;
      continue;
    }
    if (word === undefined) return undefined;
    if (part === "<ip>") {
      if (!isIpv4(word)) return undefined;
      ip = word;
    } else if (part !== word) return undefined;
    length++;
  }
  return ip === undefined ? { length } : { length, ip };
}

/** `10.0.0.5 0.0.0.255` is `10.0.0.0 0.0.0.255`: bits under the wildcard do not count. */
function maskBases(words: readonly string[]): readonly string[] {
  let copy: string[] | undefined;
  for (let i = 0; i + 1 < words.length; i++) {
    const address = words[i] as string;
    const wildcard = words[i + 1] as string;
    if (!isIpv4(address) || !isIpv4(wildcard)) continue;
    const base = maskBase(address, wildcard);
    if (base !== address) {
      copy ??= [...words];
      copy[i] = base;
    }
    i++;
  }
  return copy ?? words;
}

/** `host A`, `A/32` and `A 0.0.0.0` are `A 0.0.0.0`; `A/24` is its wildcard form, base cleared; `0.0.0.0/0` is `any`. */
function prefixForms(words: readonly string[]): readonly string[] {
  const result: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const next = words[i + 1] ?? "";
    if (word === "host" && isIpv4(next)) {
      result.push(next, "0.0.0.0");
      i++;
      continue;
    }
    const [address = "", length] = word.split("/");
    if (!isIpv4(address)) {
      result.push(word);
      continue;
    }
    const bits = /^(?:[12]?\d|3[0-2])$/.test(length ?? "") ? Number(length) : undefined;
    const wildcard = bits !== undefined ? invert(maskOfLength(bits)) : isIpv4(next) ? next : "0.0.0.0";
    if (bits === undefined && isIpv4(next)) i++;
    if (wildcard === "255.255.255.255") result.push("any");
    else result.push(wildcardBase(address, wildcard), wildcard);
  }
  return result;
}

function invert(mask: string): string {
  return mask
    .split(".")
    .map((octet) => String(255 - Number(octet)))
    .join(".");
}

function wildcardBase(address: string, wildcard: string): string {
  const bits = wildcard.split(".").map(Number);
  return address
    .split(".")
    .map((octet, i) => String(Number(octet) & ~(bits[i] ?? 0) & 255))
    .join(".");
}

/** `ip address 10.0.0.1 24` is `ip address 10.0.0.1 255.255.255.0`: the length of a mask stands for the mask. */
function maskLengths(words: readonly string[]): readonly string[] {
  if (words[0] !== "ip" && words[0] !== "network") return words;
  const at = words.findIndex(isIpv4);
  const next = words[at + 1] === "mask" ? at + 2 : at + 1;
  const word = words[next] ?? "";
  if (at < 0 || !/^(?:[12]?\d|3[0-2])$/.test(word)) return words;
  return [...words.slice(0, next), maskOfLength(Number(word)), ...words.slice(next + 1)];
}

/** `area 1` is `area 0.0.0.1`. */
function areaForms(words: readonly string[]): readonly string[] {
  const at = words.indexOf("area") + 1;
  const word = words[at] ?? "";
  if (at === 0 || !/^\d{1,10}$/.test(word) || Number(word) >= 2 ** 32) return words;
  const dotted = [24, 16, 8, 0].map((bits) => Math.floor(Number(word) / 2 ** bits) % 256).join(".");
  return words.with(at, dotted);
}

/** `port hybrid vlan 10 20 tagged` is `port hybrid tagged vlan 10 20`; without the word (in the negation) the list of
 *  untagged VLANs is meant. */
function hybridList(words: readonly string[]): readonly string[] {
  if (words[1] !== "hybrid" || words[2] !== "vlan") return words;
  const last = words.at(-1);
  const named = last === "tagged" || last === "untagged";
  const list = named ? words.slice(3, -1) : words.slice(3);
  return ["port", "hybrid", named ? last : "untagged", "vlan", ...list];
}
