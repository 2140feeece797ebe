import type { Dialect } from "./dialect.ts";

/** Text between delimiters (banners): the delimiter does not count, and the one typed occurs nowhere in the text. */
export function delimitedText(dialect: Dialect, raw: string): { text: string; source: string } | undefined {
  let match: RegExpExecArray | null = null;
  for (const form of dialect.raw) {
    match = form.end === "delimiter" ? form.start.exec(raw) : null;
    if (match) break;
  }
  const delimiter = match?.[1];
  if (!match || delimiter === undefined) return undefined;
  const head = raw.slice(0, match.index + match[0].length - delimiter.length).trimStart();
  const body = raw.slice(match.index + match[0].length);
  const end = body.indexOf(delimiter);
  if (end < 0) return undefined;
  const inner = body.slice(0, end);
  const plain = delimiter.length === 1 && delimiter > " ";
  const typed = plain ? delimiter : (DELIMITERS.find((sign) => !inner.includes(sign)) ?? delimiter);
  return { text: `${head}\u0003${inner}`, source: `${head}${typed}${inner}${typed}` };
}

const DELIMITERS = ["#", "~", "@", "%", "+", "=", "|", "&"];
