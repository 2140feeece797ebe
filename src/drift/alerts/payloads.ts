import { createHmac } from "node:crypto";
import type { WebChannel } from "../../model/alert.ts";
import type { Notice } from "../incidents/types.ts";
import { type AlertMessage, fitMessage, plainLine } from "./message.ts";

/** One HTTP request, ready to send. */
export interface WebRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a channel's request is made from; url and secret in clear, so nothing of this is ever printed. */
export interface RequestParts {
  readonly url: string;
  readonly secret: string | undefined;
  readonly message: AlertMessage;
  readonly notices: readonly Notice[];
  readonly nowMs: number;
}

/** Spells a message for a channel.
 *  DingTalk: open.dingtalk.com/document/robots/custom-robot-access (20,000 bytes; sign over timestamp and secret).
 *  WeCom: developer.work.weixin.qq.com/document/path/91770 (Markdown of 4,096 bytes; the key stands in the address).
 *  Feishu: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (20 KB; sign in the body).
 *  Slack: api.slack.com/messaging/webhooks (50 blocks of 3,000 letters).
 *  Teams: Workflows takes an Adaptive Card of 28 KB. Webhook: standardwebhooks.com. */
export const REQUESTS: Readonly<Record<WebChannel["type"], (parts: RequestParts) => WebRequest>> = {
  dingtalk(parts) {
    const body = fitJson(parts.message, 19_000, (message) => ({
      msgtype: "markdown",
      markdown: { title: inert(message.title), text: markdown(message, "####") },
    }));
    return { url: dingtalkUrl(parts), headers: JSON_HEADERS, body };
  },
  wecom(parts) {
    const spelled = fitMessage(
      parts.message,
      (message) => markdown(message, "##"),
      (text) => Buffer.byteLength(text) <= 4096,
    );
    const body = JSON.stringify({ msgtype: "markdown", markdown: { content: spelled } });
    return { url: parts.url, headers: JSON_HEADERS, body };
  },
  feishu(parts) {
    const seconds = String(Math.floor(parts.nowMs / 1000));
    const signed =
      parts.secret === undefined ? {} : { timestamp: seconds, sign: feishuSign(seconds, parts.secret) };
    const body = fitJson(parts.message, 19_000, (message) => ({
      ...signed,
      msg_type: "interactive",
      card: {
        header: { title: { tag: "plain_text", content: message.title }, template: "red" },
        elements: blocks(message).map((content) => ({ tag: "div", text: { tag: "plain_text", content } })),
      },
    }));
    return { url: parts.url, headers: JSON_HEADERS, body };
  },
  slack(parts) {
    const body = fitJson(parts.message, 38_000, (message) => ({
      text: message.title.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
      unfurl_links: false,
      blocks: [message.title, ...blocks(message)].map((text, index) => ({
        type: index === 0 ? "header" : "section",
        text: { type: "plain_text", text: text.slice(0, index === 0 ? 150 : 2990), emoji: false },
      })),
    }));
    return { url: parts.url, headers: JSON_HEADERS, body };
  },
  teams(parts) {
    const body = fitJson(parts.message, 27_000, (message) => ({
      type: "message",
      attachments: [
        {
          contentType: "application/vnd.microsoft.card.adaptive",
          contentUrl: null,
          content: {
            $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
            type: "AdaptiveCard",
            version: "1.4",
            msteams: { width: "Full" },
            body: [message.title, ...blocks(message)].map(richText),
          },
        },
      ],
    }));
    return { url: parts.url, headers: JSON_HEADERS, body };
  },
  webhook(parts) {
    const { message, nowMs, secret = "" } = parts;
    const body = JSON.stringify({
      type: "sitewright.incidents",
      timestamp: new Date(nowMs).toISOString(),
      data: { title: message.title, notices: parts.notices },
    });
    const seconds = String(Math.floor(nowMs / 1000));
    return {
      url: parts.url,
      headers: {
        ...JSON_HEADERS,
        "webhook-id": message.id,
        "webhook-timestamp": seconds,
        "webhook-signature": `v1,${hmac(webhookKey(secret), `${message.id}.${seconds}.${body}`)}`,
      },
      body,
    };
  },
};

const JSON_HEADERS = { "content-type": "application/json; charset=utf-8" } as const;

/** The blocks of a message as plain text, one an incident, the footer last. */
export function blocks(message: AlertMessage): string[] {
  const entries = message.entries.map((entry) => [entry.head, ...entry.lines].join("\n"));
  return message.footer.length === 0 ? entries : [...entries, message.footer.join("\n")];
}

/** Adaptive Cards read Markdown in a TextBlock, and none in a TextRun. */
function richText(text: string, index: number): unknown {
  const run = { type: "TextRun", text, ...(index === 0 ? { weight: "Bolder", size: "Medium" } : {}) };
  return { type: "RichTextBlock", separator: index > 0, inlines: [run] };
}

function markdown(message: AlertMessage, heading: string): string {
  const entries = message.entries.map((entry) =>
    [`**${inert(entry.head)}**`, ...entry.lines.map((line) => `> ${inert(line)}`)].join("\n\n"),
  );
  return [`${heading} ${inert(message.title)}`, ...entries, ...message.footer.map(inert)].join("\n\n");
}

/** Letters that mean something in the chat rooms' Markdown, and what looks like them and means nothing. The rooms'
 *  backslash escapes differ and leave links and mentions alive, so the letters themselves go. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  "*": "＊",
  "[": "［",
  "]": "］",
  "<": "＜",
  ">": "＞",
  "`": "｀",
  "~": "～",
  "#": "＃",
  "!": "！",
  "@": "＠",
  "|": "｜",
  "\\": "＼",
};

/** Takes the meaning out of a device's text: no link, mention, picture, heading or tag is left. */
export function inert(text: string): string {
  return plainLine(text)
    .replaceAll(/[*[\]<>`~#!@|\\]/g, (letter) => LOOKALIKES[letter] ?? letter)
    .replaceAll("://", ":／／")
    .replaceAll(/\bwww\./gi, "www．")
    .replaceAll("__", "＿＿");
}

function fitJson(
  message: AlertMessage,
  mostBytes: number,
  spell: (message: AlertMessage) => unknown,
): string {
  return fitMessage(
    message,
    (candidate) => JSON.stringify(spell(candidate)),
    (text) => Buffer.byteLength(text) <= mostBytes,
  );
}

function dingtalkUrl({ url, secret, nowMs }: RequestParts): string {
  if (secret === undefined) return url;
  const signed = new URL(url);
  signed.searchParams.set("timestamp", String(nowMs));
  signed.searchParams.set("sign", hmac(secret, `${nowMs}\n${secret}`));
  return signed.href;
}

/** Feishu signs nothing with a key that is made of both. */
function feishuSign(seconds: string, secret: string): string {
  return hmac(`${seconds}\n${secret}`, "");
}

/** `whsec_` and base64, as the libraries of Standard Webhooks take it; other text is the key itself. */
function webhookKey(secret: string): string | Buffer {
  return secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : secret;
}

function hmac(key: string | Buffer, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64");
}
