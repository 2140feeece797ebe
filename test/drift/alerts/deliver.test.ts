import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSecrets } from "../../../src/deploy/secrets.ts";
import { fileLocks } from "../../../src/deploy/stores/locks.ts";
import { type AlertTarget, deliverAlerts } from "../../../src/drift/alerts/deliver.ts";
import { applyReadings, type Sighting } from "../../../src/drift/incidents/readings.ts";
import type { NightStore } from "../../../src/drift/store/night-store.ts";
import { openNightStore } from "../../../src/drift/store/open-store.ts";
import type { AlertChannel, MailChannel, WebChannel } from "../../../src/model/alert.ts";
import { parseSecretRef, type SecretRef } from "../../../src/model/secret.ts";
import { facts, portDrift, RULES, read } from "../incidents/cases.ts";
import { DINGTALK_SECRET, FEISHU_SECRET, json, openRoom, ROBOTS, type Room, WEBHOOK_KEY } from "./rooms.ts";

const PATHS: Readonly<Record<string, string>> = {
  dingtalk: "/robot/send?access_token=tok-1",
  wecom: "/cgi-bin/webhook/send?key=key-1",
  feishu: "/open-apis/bot/v2/hook/abc",
  slack: "/services/T0/B0/x",
  teams: "/workflows/1/triggers/manual/paths/invoke",
  webhook: "/hook",
};
const SECRETS: Readonly<Record<string, string>> = {
  dingtalk: DINGTALK_SECRET,
  feishu: FEISHU_SECRET,
  webhook: `whsec_${WEBHOOK_KEY.toString("base64")}`,
};
const WEB = ["dingtalk", "wecom", "feishu", "slack", "teams", "webhook"] as const;

function ref(text: string): SecretRef {
  const parsed = parseSecretRef(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function channelOf(type: WebChannel["type"]): WebChannel {
  const base = { name: "duty", minimum: "P4", closed: true, type, url: ref("env:ROOM_URL@1") } as const;
  return type in SECRETS ? { ...base, secret: ref("env:ROOM_SECRET@1") } : base;
}

let folder: string;
let store: NightStore;
let room: Room;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sw-alerts-"));
  environment = {};
  store = await open();
  room = await openRoom(() => json({ errcode: 0 }));
  return async () => {
    await room.stop();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
});

function open(): Promise<NightStore> {
  return openNightStore({
    folder,
    environment,
    secrets: openSecrets({ root: folder, environment }),
    locks: fileLocks(join(folder, "locks")),
    now: () => new Date(),
  });
}

const TARGET = "acme/hq duty";
function owe(...sightings: readonly Sighting[]) {
  const now = Date.now();
  return store.change(["acme/hq"], now, (known) => {
    const run = { id: `run-${now}-${sightings.length}`, at: new Date(now).toISOString() };
    const changes = applyReadings(known, [read("sw-1", ...sightings)], run, () => RULES);
    return { ...changes, outbox: changes.notices.map((notice) => ({ target: TARGET, notice })) };
  });
}

function deliver(
  channel: AlertChannel,
  options: { language?: "en" | "zh"; budgetMs?: number; now?: () => number; timeoutMs?: number } = {},
) {
  const { language = "en", budgetMs = 0, now = Date.now, timeoutMs = 20_000 } = options;
  if (channel.type !== "email") {
    environment.ROOM_URL = room.url + PATHS[channel.type];
    environment.ROOM_SECRET = SECRETS[channel.type];
  }
  const target: AlertTarget = { target: TARGET, channel, language };
  const secrets = openSecrets({ root: folder, environment });
  return deliverAlerts([target], { outbox: store.outbox, secrets, now, budgetMs, timeoutMs });
}

const HOSTILE =
  'x](http://evil.example) <at user_id="all"> @all **bold** `code` # head ![p](//e) \u202egnp\u001b[31m\nsecond line';

describe.each(WEB)("a %s robot", (type) => {
  beforeEach(() => {
    room.answer = ROBOTS[type] ?? (() => "hang");
  });

  it("takes one message for all incidents of a site, signed as it documents, marked with their ids", async () => {
    const { changed } = await owe(portDrift("Gi1/0/1"), portDrift("Gi1/0/2"));
    expect(await deliver(channelOf(type))).toEqual({ sent: 1, failures: [] });
    expect(room.received).toHaveLength(1);
    for (const { id } of changed) expect(room.received[0]?.text).toContain(id);
    expect(await store.outbox.counts()).toEqual([]);
    expect(await deliver(channelOf(type))).toEqual({ sent: 0, failures: [] });
  });

  it("gets text of a device that means nothing there: no link, no mention, no tag, one line", async () => {
    const hostile = { ...portDrift("Gi1/0/1"), facts: facts(HOSTILE) };
    await owe(hostile);
    expect((await deliver(channelOf(type))).sent).toBe(1);
    const text = room.received[0]?.text ?? "";
    if (type === "webhook")
      return expect(JSON.parse(text).data.notices[0].incident.facts.running).toBe(HOSTILE);
    const spelled = textsOf(JSON.parse(text)).join("\n");
    expect(spelled).toContain("second line");
    expect(spelled).not.toMatch(/[\u202e\u001b]/);
    expect(spelled.split("\n").some((line) => line.startsWith("second"))).toBe(false);
    if (type === "dingtalk" || type === "wecom") expect(spelled).not.toMatch(/\]\(|:\/\/|<at|@all|`code/);
    else expect(text).not.toMatch(/"(lark_md|mrkdwn|markdown|TextBlock)"/);
  });

  it("fits into the robot's limit with the longest texts, and still names every incident", async () => {
    const ports = Array.from({ length: 10 }, (_, index) => ({
      subject: { kind: "drift", path: [`接口 ${index} ${"长".repeat(900)}`], change: "added" } as const,
      facts: facts("配置".repeat(2000)),
    }));
    const { changed } = await owe(...ports);
    expect((await deliver(channelOf(type), { language: "zh" })).sent).toBe(1);
    for (const { id } of changed) expect(room.received[0]?.text).toContain(id);
  });

  it("is written to in the client's language", async () => {
    await owe(portDrift("Gi1/0/1"));
    await deliver(channelOf(type), { language: "zh" });
    expect(room.received[0]?.text).toMatch(type === "webhook" ? /Sitewright：acme\/hq，1 个事件/ : /新事件/);
  });

  it("keeps the message for the next run when the server fails, and no address gets into the report", async () => {
    await owe(portDrift("Gi1/0/1"));
    room.answer = () => ({ status: 503, body: "down" });
    const first = await deliver(channelOf(type));
    expect(first).toEqual({ sent: 0, failures: [{ target: TARGET, reason: "HTTP 503" }] });
    expect(await store.outbox.counts()).toMatchObject([{ waiting: 1, doubtful: 0, error: "HTTP 503" }]);
    room.answer = ROBOTS[type] ?? (() => "hang");
    const later = () => Date.now() + 60_000;
    expect((await deliver(channelOf(type), { now: later })).sent).toBe(1);
  });
});

/** Every text in a JSON value. */
function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsOf);
}

describe("a robot that is asked too much", () => {
  it.each([
    [
      "dingtalk",
      () => json({ errcode: 130101, errmsg: "send too fast, exceed 20 times per minute" }),
      10 * 60_000,
    ],
    ["wecom", () => json({ errcode: 45009, errmsg: "api freq out of limit" }), 60_000],
    ["feishu", () => json({ code: 9499, msg: "too many request" }), 60_000],
    ["feishu", () => json({ code: 11232, msg: "frequency limited psm" }), 60_000],
    ["slack", () => ({ status: 429, body: "rate_limited", headers: { "retry-after": "30" } }), 30_000],
    ["teams", () => ({ status: 429, body: "" }), 60_000],
  ] as const)("%s: waits as long as the answer asks for, then sends", async (type, answer, waitMs) => {
    await owe(portDrift("Gi1/0/1"));
    room.answer = answer;
    const start = Date.now();
    expect((await deliver(channelOf(type), { now: () => start })).failures).toHaveLength(1);
    room.answer = ROBOTS[type] ?? answer;
    expect((await deliver(channelOf(type), { now: () => start + waitMs - 1000 })).sent).toBe(0);
    expect((await deliver(channelOf(type), { now: () => start + waitMs })).sent).toBe(1);
  });

  it("is not asked more than 18 times a minute, however much is owed", async () => {
    room.answer = ROBOTS.wecom ?? (() => "hang");
    for (let port = 0; port < 25; port += 1) {
      await owe(...Array.from({ length: port + 1 }, (_, index) => portDrift(`Gi1/0/${index}`)));
      await deliver(channelOf("wecom"));
    }
    expect(room.received).toHaveLength(18);
    const { sent } = await deliver(channelOf("wecom"), { now: () => Date.now() + 61_000 });
    expect(sent).toBe(1);
    expect(await store.outbox.counts()).toEqual([]);
  });

  it("tries again within its budget, slower each time", async () => {
    await owe(portDrift("Gi1/0/1"));
    let calls = 0;
    room.answer = () => {
      calls += 1;
      return calls < 2 ? { status: 500, body: "" } : json({ errcode: 0 });
    };
    const delivery = await deliver(channelOf("wecom"), { budgetMs: 30_000 });
    expect(delivery).toEqual({ sent: 1, failures: [{ target: TARGET, reason: "HTTP 500" }] });
  });
});

describe("a message of which nobody knows whether it arrived", () => {
  it("is repeated once when the webhook hangs, marked as a repetition, and never a second time", async () => {
    await owe(portDrift("Gi1/0/1"));
    room.answer = () => "hang";
    const start = Date.now();
    const first = await deliver(channelOf("webhook"), { timeoutMs: 300, now: () => start });
    expect(first.failures).toEqual([{ target: TARGET, reason: "no answer (TimeoutError)" }]);
    const hour = 3_600_000;
    await deliver(channelOf("slack"), { timeoutMs: 300, now: () => start + hour });
    await deliver(channelOf("webhook"), { timeoutMs: 300, now: () => start + 2 * hour });
    expect(room.received).toHaveLength(2);
    expect(room.received[1]?.text).toContain("may have reached you before");
    expect(await store.outbox.counts()).toMatchObject([{ doubtful: 1, waiting: 0 }]);
  });

  it("is repeated once with the same id when the sender is killed before it could note the answer", async () => {
    await owe(portDrift("Gi1/0/1"));
    const src = new URL("../../../src/", import.meta.url);
    const code = `
      const { openNightStore } = await import("${src}drift/store/open-store.ts");
      const { deliverAlerts } = await import("${src}drift/alerts/deliver.ts");
      const { openSecrets } = await import("${src}deploy/secrets.ts");
      const { fileLocks } = await import("${src}deploy/stores/locks.ts");
      const [folder, target, channel] = JSON.parse(process.argv[1]);
      const secrets = openSecrets({ root: folder, environment: process.env });
      const store = await openNightStore({ folder, environment: {}, secrets, locks: fileLocks(folder + "/locks"), now: () => new Date() });
      await deliverAlerts([{ target, channel, language: "en" }], { outbox: store.outbox, secrets, now: Date.now, budgetMs: 0 });`;
    const channel = channelOf("webhook");
    room.answer = () => {
      child.kill("SIGKILL");
      return "hang";
    };
    const child = spawn(
      process.execPath,
      ["--input-type=module", "-e", code, JSON.stringify([folder, TARGET, channel])],
      {
        env: { ...process.env, ROOM_URL: room.url + PATHS.webhook, ROOM_SECRET: SECRETS.webhook },
        stdio: "ignore",
      },
    );
    await new Promise((resolve) => child.once("exit", resolve));
    expect(child.signalCode).toBe("SIGKILL");
    room.answer = () => ({ status: 204, body: "" });
    expect((await deliver(channel)).sent).toBe(0);
    expect((await deliver(channel, { now: () => Date.now() + 6 * 60_000 })).sent).toBe(1);
    expect((await deliver(channel, { now: () => Date.now() + 60 * 60_000 })).sent).toBe(0);
    expect(room.received.map(({ headers }) => headers["webhook-id"])).toEqual(
      Array(2).fill(room.received[0]?.headers["webhook-id"]),
    );
  });
});

describe("a channel that a person has to mend", () => {
  it.each([
    [
      "a secret that is not set",
      () => delete environment.ROOM_URL,
      "environment variable ROOM_URL is not set",
    ],
    ["an address that is none", () => (environment.ROOM_URL = "SECRET not a url"), "its address is no URL"],
  ])("%s is named, and the message waits", async (_, spoil, reason) => {
    await owe(portDrift("Gi1/0/1"));
    environment.ROOM_SECRET = DINGTALK_SECRET;
    spoil();
    const target: AlertTarget = { target: TARGET, channel: channelOf("dingtalk"), language: "en" };
    const secrets = openSecrets({ root: folder, environment });
    const delivery = await deliverAlerts([target], {
      outbox: store.outbox,
      secrets,
      now: Date.now,
      budgetMs: 0,
    });
    expect(delivery.failures).toEqual([{ target: TARGET, reason }]);
    expect(await store.outbox.counts()).toMatchObject([{ waiting: 1 }]);
  });

  it("does not follow a redirect: the message would go elsewhere", async () => {
    await owe(portDrift("Gi1/0/1"));
    room.answer = () => ({ status: 307, body: "", headers: { location: "http://127.0.0.1:1/" } });
    expect((await deliver(channelOf("slack"))).failures).toEqual([{ target: TARGET, reason: "HTTP 307" }]);
  });
});

describe("e-mail", () => {
  const mails: { raw: string; user: string | undefined; to: string[] }[] = [];
  let server: SMTPServer;
  let port: number;
  let refuse: string | undefined;
  beforeEach(async () => {
    mails.length = 0;
    refuse = undefined;
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS"],
      allowInsecureAuth: true,
      onAuth(auth, _session, done) {
        if (auth.username === "robot" && auth.password === "mail-pass") done(null, { user: auth.username });
        else done(new Error("Invalid username or password"));
      },
      onData(stream, session, done) {
        const chunks: Buffer[] = [];
        stream.on("data", (chunk: Buffer) => chunks.push(chunk));
        stream.on("end", () => {
          if (refuse !== undefined) return done(Object.assign(new Error(refuse), { responseCode: 451 }));
          const to = session.envelope.rcptTo.map(({ address }) => address);
          mails.push({ raw: Buffer.concat(chunks).toString("utf8"), user: session.user, to });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.server.address() as { port: number }).port;
  });
  afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

  const channel = (part: Partial<MailChannel> = {}): MailChannel => ({
    name: "mail",
    type: "email",
    minimum: "P4",
    closed: true,
    host: "127.0.0.1",
    port,
    security: "none",
    from: "Sitewright <night@msp.example>",
    to: ["duty@msp.example", "li.wei@lanhai.example"],
    user: "robot",
    password: ref("env:MAIL_PASSWORD@1"),
    ...part,
  });

  it("goes to everyone, in plain text, with the incident's id and a Message-ID of its own", async () => {
    environment.MAIL_PASSWORD = "mail-pass";
    const { changed } = await owe(portDrift("Gi1/0/1"));
    expect(await deliver(channel())).toEqual({ sent: 1, failures: [] });
    expect(mails[0]).toMatchObject({ user: "robot", to: ["duty@msp.example", "li.wei@lanhai.example"] });
    const raw = mails[0]?.raw ?? "";
    expect(raw).toMatch(/^Message-ID: <msg_[0-9a-f]{24}@msp\.example>/m);
    expect(raw).toContain(`X-Sitewright-Incidents: ${changed[0]?.id}`);
    expect(raw).toMatch(/^Content-Type: text\/plain/m);
    expect(raw).not.toContain("mail-pass");
  });

  it("is tried again later when the server refuses, or the password is wrong", async () => {
    environment.MAIL_PASSWORD = "mail-pass";
    await owe(portDrift("Gi1/0/1"));
    refuse = "try again later";
    expect((await deliver(channel())).failures).toEqual([{ target: TARGET, reason: "mail server: 451" }]);
    refuse = undefined;
    environment.MAIL_PASSWORD = "wrong";
    const wrong = await deliver(channel(), { now: () => Date.now() + 60_000 });
    expect(wrong.failures[0]?.reason).toBe("mail server: 535");
    environment.MAIL_PASSWORD = "mail-pass";
    expect((await deliver(channel(), { now: () => Date.now() + 120_000 })).sent).toBe(1);
  });

  it("does not send a password or a text over a line that was to be encrypted and is not", async () => {
    environment.MAIL_PASSWORD = "mail-pass";
    await owe(portDrift("Gi1/0/1"));
    const { sent, failures } = await deliver(channel({ security: "starttls" }));
    expect([sent, failures.length, mails.length]).toEqual([0, 1, 0]);
  });
});
