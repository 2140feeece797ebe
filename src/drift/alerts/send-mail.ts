import { createHash } from "node:crypto";
import nodemailer from "nodemailer";
import type { MailChannel } from "../../model/alert.ts";
import type { AlertMessage } from "./message.ts";
import type { SendOutcome } from "./outcome.ts";
import { blocks } from "./payloads.ts";

/** Sends a message as plain text. Its Message-ID comes from the message, so that a repetition is one mail to a reader.
 *  @param password - in clear; given only to the server */
export async function sendMail(
  channel: MailChannel,
  password: string | undefined,
  message: AlertMessage,
  timeoutMs: number,
): Promise<SendOutcome> {
  const transport = nodemailer.createTransport({
    host: channel.host,
    port: channel.port,
    secure: channel.security === "tls",
    requireTLS: channel.security === "starttls",
    ignoreTLS: channel.security === "none",
    ...(channel.user === undefined ? {} : { auth: { user: channel.user, pass: password ?? "" } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: channel.from,
      to: [...channel.to],
      subject: message.title,
      text: `${blocks(message).join("\n\n")}\n`,
      messageId: `<${message.id}@${domainOf(channel.from)}>`,
      headers: {
        "Auto-Submitted": "auto-generated",
        "X-Sitewright-Incidents": message.entries.map((entry) => entry.incident).join(" "),
        References: `<${threadOf(message)}@${domainOf(channel.from)}>`,
      },
    });
    return { kind: "sent" };
  } catch (error) {
    return outcomeOf(error);
  } finally {
    transport.close();
  }
}

/** A server that answered refused; one that fell silent after the text left may have taken it. */
function outcomeOf(error: unknown): SendOutcome {
  const {
    code = "unknown",
    responseCode,
    command,
  } = error as {
    readonly code?: string;
    readonly responseCode?: number;
    readonly command?: string;
  };
  const reason = `mail server: ${responseCode ?? code}`;
  const onTheWire = responseCode === undefined && (command === "DATA" || code === "EMESSAGE");
  return onTheWire ? { kind: "doubt", reason } : { kind: "retry", reason };
}

function threadOf(message: AlertMessage): string {
  const ids = message.entries.map((entry) => entry.incident).join(" ");
  return `incidents-${createHash("sha256").update(ids).digest("hex").slice(0, 16)}`;
}

function domainOf(address: string): string {
  return /@([A-Za-z0-9.-]+)>?$/.exec(address)?.[1] ?? "sitewright.invalid";
}
