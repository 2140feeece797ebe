import { compileDialect } from "./compile.ts";
import type { Dialect } from "./dialect.ts";
import { cleanLines } from "./lines.ts";

/** What stands in a redacted text in place of a secret. */
export const REDACTED = "<redacted>";

/** A reference in place of a secret: `${secret:env:NAME@1}`. */
export const PLACEHOLDER = /^\$\{secret:([^}]+)\}$/;
const ANY_PLACEHOLDER = /\$\{secret:[^}]+\}/;

/** The secret of a line, as written, and whether the device may show another text for the same secret. */
export interface SecretText {
  readonly raw: string;
  readonly resalted: boolean;
}

/** Takes the secrets out of a canonical line, so that the rest can be compared. */
export function maskSecrets(
  dialect: Dialect,
  text: string,
): { text: string; secret: SecretText | undefined } {
  if (!compileDialect(dialect).secretHint.test(text)) return { text, secret: undefined };
  for (const form of dialect.secrets) {
    const match = form.pattern.exec(text);
    if (!match || match[1] === "<secret>") continue;
    const masked =
      text.slice(0, match.index) +
      form.canonical.replace(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? "") +
      text.slice(match.index + match[0].length);
    const next = maskSecrets(dialect, masked);
    const raw = match[1] ?? "";
    if (next.secret === undefined) return { text: next.text, secret: { raw, resalted: form.resalted } };
    return {
      text: next.text,
      secret: { raw: `${raw}\u0000${next.secret.raw}`, resalted: form.resalted && next.secret.resalted },
    };
  }
  return { text, secret: undefined };
}

/** Tells whether two lines that differ at most in their secrets say the same. */
export function sameSecret(
  a: SecretText | undefined,
  b: SecretText | undefined,
  rotated: ReadonlySet<string>,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  const left = a.raw.split("\u0000");
  const right = b.raw.split("\u0000");
  return (
    left.length === right.length &&
    left.every((part, i) => samePart(part, right[i] ?? "", a.resalted, rotated))
  );
}

function samePart(a: string, b: string, resalted: boolean, rotated: ReadonlySet<string>): boolean {
  const left = PLACEHOLDER.exec(a)?.[1];
  const right = PLACEHOLDER.exec(b)?.[1];
  if (left !== undefined && right !== undefined) return left === right && !isRotated(left, rotated);
  const reference = left ?? right;
  if (reference !== undefined) return !isRotated(reference, rotated);
  if (a === REDACTED || b === REDACTED) return true;
  return resalted || a === b;
}

function isRotated(reference: string, rotated: ReadonlySet<string>): boolean {
  return rotated.has(reference) || rotated.has(reference.replace(/@[^@]*$/, ""));
}

/** Tells whether a line's secret is among those to be sent anew. */
export function isRotatedSecret(secret: SecretText | undefined, rotated: ReadonlySet<string>): boolean {
  return (secret?.raw.split("\u0000") ?? []).some((part) => {
    const reference = PLACEHOLDER.exec(part)?.[1];
    return reference !== undefined && isRotated(reference, rotated);
  });
}

/** Takes secrets and salted hashes out of a text and keeps its structure; references stay. */
export function redactConfig(dialect: Dialect, text: string): string {
  const { lines } = cleanLines(compileDialect(dialect), text);
  const result = lines.map((line) => redactLine(dialect, line));
  return result.length === 0 ? "" : `${result.join("\n")}\n`;
}

/** Takes the secrets out of one line. */
export function redactLine(dialect: Dialect, line: string): string {
  let rest = line;
  let done = "";
  for (let guard = 0; guard < 8; guard++) {
    const hit = firstSecret(dialect, rest);
    if (!hit) break;
    done += rest.slice(0, hit.start) + (ANY_PLACEHOLDER.test(hit.raw) ? hit.raw : REDACTED);
    rest = rest.slice(hit.start + hit.raw.length);
  }
  return done + rest;
}

function firstSecret(dialect: Dialect, text: string): { start: number; raw: string } | undefined {
  for (const form of dialect.secrets) {
    const match = form.pattern.exec(text);
    const raw = match?.[1];
    if (!match || raw === undefined || raw === "" || raw === REDACTED) continue;
    return { start: match.index + match[0].lastIndexOf(raw), raw };
  }
  return undefined;
}
