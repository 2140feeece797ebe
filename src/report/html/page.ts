import { createHash } from "node:crypto";
import { html, Markup } from "./html.ts";
import { PAGE_SCRIPT } from "./script.ts";
import { PAGE_STYLE } from "./style.ts";
import type { Language } from "./words.ts";

/** A whole page. */
export interface Page {
  readonly lang: Language;
  readonly title: string;
  readonly body: Markup;
}

/** Spells a page that needs nothing but itself: its one style and its one script are named by digest in its policy, and
 *  everything else (another script, an event handler, a request to anywhere) is forbidden to it.
 *  @see https://www.w3.org/TR/CSP3/ */
export function spellPage({ lang, title, body }: Page): string {
  const policy = [
    "default-src 'none'",
    `style-src ${digestOf(PAGE_STYLE)}`,
    `script-src ${digestOf(PAGE_SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = html`<!DOCTYPE html>
<html lang="${lang === "zh" ? "zh-CN" : "en"}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
${new Markup(`<style>${PAGE_STYLE}</style>`)}
</head>
<body>
${body}
${new Markup(`<script>${PAGE_SCRIPT}</script>`)}
</body>
</html>
`;
  return page.toString();
}

function digestOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}
