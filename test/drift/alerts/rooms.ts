import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a chat room's server got it. */
export interface Received {
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What a server answers: a status and a body, nothing at all (`hang`), or whatever is to happen. */
export type Answer =
  | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
  | "hang";

/** A local server that answers as a room's robot does. */
export interface Room {
  readonly url: string;
  readonly received: Received[];
  answer: (received: Received) => Answer;
  stop(): Promise<void>;
}

export async function openRoom(answer: (received: Received) => Answer): Promise<Room> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const one = {
        url: new URL(request.url ?? "/", "http://room"),
        headers: request.headers,
        text: Buffer.concat(chunks).toString("utf8"),
      };
      received.push(one);
      const reply = room.answer(one);
      if (reply === "hang") return;
      response.writeHead(reply.status, { "content-type": "application/json", ...reply.headers });
      response.end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const room: Room = {
    url: `http://127.0.0.1:${port}`,
    received,
    answer,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return room;
}

const sign = (key: string | Buffer, text: string): string =>
  createHmac("sha256", key).update(text).digest("base64");

export const DINGTALK_SECRET = "SEC0123456789abcdef";
export const FEISHU_SECRET = "feishu-secret-of-the-robot";
export const WEBHOOK_KEY = Buffer.from("a key of thirty-two letters here");

/** Each robot's answers as its vendor documents them: wrong token, wrong signature, stale time, too long, done. */
export const ROBOTS: Readonly<Record<string, (received: Received) => Answer>> = {
  dingtalk({ url, text }) {
    const [timestamp, given] = [url.searchParams.get("timestamp"), url.searchParams.get("sign")];
    const fresh = Math.abs(Date.now() - Number(timestamp)) < 3_600_000;
    if (url.searchParams.get("access_token") !== "tok-1")
      return json({ errcode: 300001, errmsg: "token is not exist" });
    if (!fresh || given !== sign(DINGTALK_SECRET, `${timestamp}\n${DINGTALK_SECRET}`))
      return json({ errcode: 310000, errmsg: "sign not match" });
    const body = JSON.parse(text);
    if (body.msgtype !== "markdown" || !body.markdown.title || !body.markdown.text || text.length > 20_000)
      return json({ errcode: 400, errmsg: "invalid parameter" });
    return json({ errcode: 0, errmsg: "ok" });
  },
  wecom({ url, text }) {
    if (url.searchParams.get("key") !== "key-1")
      return json({ errcode: 93000, errmsg: "invalid webhook url" });
    const body = JSON.parse(text);
    if (body.msgtype !== "markdown") return json({ errcode: 40008, errmsg: "invalid message type" });
    if (Buffer.byteLength(body.markdown.content) > 4096)
      return json({ errcode: 40058, errmsg: "markdown.content exceed max length 4096" });
    return json({ errcode: 0, errmsg: "ok" });
  },
  feishu({ text }) {
    const body = JSON.parse(text);
    const fresh = Math.abs(Date.now() / 1000 - Number(body.timestamp)) < 3600;
    if (!fresh || body.sign !== sign(`${body.timestamp}\n${FEISHU_SECRET}`, ""))
      return json({
        code: 19021,
        msg: "sign match fail or timestamp is not within one hour from current time",
        data: {},
      });
    if (body.msg_type !== "interactive" || !body.card.header || Buffer.byteLength(text) > 20 * 1024)
      return json({ code: 9499, msg: "Bad Request", data: {} });
    return json({ code: 0, msg: "success", data: {} });
  },
  slack({ text }) {
    const body = JSON.parse(text);
    const plain = body.blocks.every(
      (block: { text: { type: string; text: string } }, index: number) =>
        block.text.type === "plain_text" && block.text.text.length <= (index === 0 ? 150 : 3000),
    );
    if (typeof body.text !== "string" || !plain || body.blocks.length > 50)
      return { status: 400, body: "invalid_blocks" };
    return { status: 200, body: "ok" };
  },
  teams({ text }) {
    const body = JSON.parse(text);
    const [card] = body.attachments;
    if (
      body.type !== "message" ||
      card.contentType !== "application/vnd.microsoft.card.adaptive" ||
      text.length > 28_000
    )
      return { status: 400, body: "Invalid request" };
    return { status: 202, body: "" };
  },
  webhook({ headers, text }) {
    const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
    const fresh = Math.abs(Date.now() / 1000 - Number(headers["webhook-timestamp"])) < 300;
    if (!fresh || headers["webhook-signature"] !== `v1,${sign(WEBHOOK_KEY, signed)}`)
      return { status: 401, body: "" };
    return { status: 204, body: "" };
  },
};

export function json(value: unknown): Answer {
  return { status: 200, body: JSON.stringify(value) };
}
