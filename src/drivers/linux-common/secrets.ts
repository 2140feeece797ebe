import type { ChangeStep, ConfigNode } from "../../planner/config/types.ts";
import type { RevealSecret } from "../driver.ts";
import { parseCanonical } from "./canonical.ts";
import { pathOfBlock } from "./host-commands.ts";
import { sealFileScript, sealPasswordScript } from "./seal.ts";
import { DOCUMENT_END } from "./shell-quote.ts";

const PLACEHOLDER = /\$\{secret:([^}\s]+)\}/g;

/** Puts clear text in place of `${secret:REF}`; call it only where the bytes leave for the device.
 *  `clean` takes the same values out of what the device answers.
 *  @throws Error where a secret would end the inline document that it stands in */
export async function revealAll(
  text: string,
  reveal: RevealSecret,
): Promise<{ readonly text: string; readonly clean: (reply: string) => string }> {
  const references = [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ""))];
  const values = new Map<string, string>();
  for (const reference of references) {
    const value = (await reveal(reference)).reveal();
    if (value.split("\n").includes(DOCUMENT_END) || value.includes("\0"))
      throw new Error(`secret ${reference} holds a line or byte that cannot be sent`);
    values.set(reference, value);
  }
  return {
    text: text.replace(PLACEHOLDER, (whole, reference: string) => values.get(reference) ?? whole),
    clean: (reply) => {
      let cleaned = reply;
      for (const value of values.values()) if (value !== "") cleaned = cleaned.replaceAll(value, "[secret]");
      return cleaned;
    },
  };
}

/** Shell that seals what a step wrote, where it is private. */
export function sealScripts(step: ChangeStep, predicted: string): string[] {
  const header = step.path[0] ?? "";
  const path = pathOfBlock(header);
  if (path === undefined && !header.startsWith("account ")) return [];
  const node = parseCanonical(predicted, { platform: "", statements: [] }).nodes.find(
    ({ key }) => key === header,
  );
  if (node === undefined) return [];
  if (path !== undefined)
    return isPrivate(node) ? [`(${"\n"}${sealFileScript(path, contentOf(node))}\n)`] : [];
  const password = node.children.find(({ key }) => key.startsWith("password ${secret:"))?.key.slice(9);
  return password === undefined ? [] : [`(\n${sealPasswordScript(header.slice(8), password)}\n)`];
}

/** A file that others may not read, or that holds a secret: its text is never shown, only the one we sealed. */
function isPrivate(node: ConfigNode): boolean {
  const keys = node.children.map((child) => child.key);
  return keys.some((key) => /^mode 0?[0-7]00$/.test(key) || key.includes("${secret:"));
}

function contentOf(node: ConfigNode): string[] {
  return node.children.flatMap(({ key }) => (key.startsWith("|") ? [key.slice(1).replace(/^ /, "")] : []));
}

const HASHES: readonly (readonly [RegExp, string])[] = [
  [/^(\s*altered )\S+$/gm, "$1[fingerprint]"],
  [/^(\s*password altered:)\S+$/gm, "$1[fingerprint]"],
  [/\$(1|5|6|y|2[aby])\$[^\s:"']+/g, "[hash]"],
  [
    /^(\s*\|(?:(?!\$\{secret:).)*?\b(?!\w*_FILE\b)\w*(?:PASSWORD|PASSPHRASE|SECRET|TOKEN|ACCESS_KEY|psk)\w*\s*[=:]\s*)(?!\$\{secret:)\S.*$/gim,
    "$1[redacted]",
  ],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----/g, "[redacted $1]"],
  [/((?:https?|sftp|rest):\/\/[^\s:/@]+:)[^\s@/]+@/g, "$1[redacted]@"],
];

/** Takes what is or could be a secret out of a canonical text, and keeps its structure. */
export function redactHostText(text: string): string {
  let clean = redactKeyBodies(text);
  for (const [pattern, replacement] of HASHES) clean = clean.replace(pattern, replacement);
  return clean;
}

/** The lines between the marks of a private key. */
function redactKeyBodies(text: string): string {
  let inside = false;
  const lines = text.split("\n").map((line) => {
    if (line.includes("-----BEGIN") && line.includes("PRIVATE KEY")) {
      inside = true;
      return line;
    }
    if (line.includes("-----END")) inside = false;
    if (!/^\s*\|/.test(line)) inside = false;
    return inside ? line.replace(/(\|\s?).*$/, "$1[redacted]") : line;
  });
  return lines.join("\n");
}
