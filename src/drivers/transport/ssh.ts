import { connect as connectSocket } from "node:net";
import type { Duplex } from "node:stream";
import type { Client, ClientChannel, ConnectConfig } from "ssh2";
import type { DeviceErrorKind } from "../driver.ts";
import { isAcceptedHostKey, offeredAlgorithms } from "./algorithms.ts";
import { collectOutput } from "./exec-output.ts";
import { type ConnectionStage, classifyFailure, deviceError } from "./failures.ts";
import { shellOver } from "./shell.ts";
import type { Connection, DeviceTarget, Endpoint, ExecResult, Login, Timeouts } from "./types.ts";

/** Unanswered keepalives that end a connection: one lost packet on a slow line must not. */
const KEEPALIVE_COUNT = 3;

/** Rounds of keyboard-interactive questions before we stop: a password and one more. */
const MAX_QUESTION_ROUNDS = 3;

/** How long a hop may take to say goodbye, milliseconds. */
const CLOSE_MS = 1000;

/** A pty so wide and high that devices neither wrap lines nor page. */
const PTY = { term: "vt100", cols: 511, rows: 1000, width: 0, height: 0 };

/** One hop: a jump host or the device itself. */
interface Hop {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly login: Login;
  readonly hostKeys: readonly string[];
  readonly legacyAlgorithms: boolean;
}

interface Link {
  readonly client: Client;
  readonly stage: ConnectionStage;
  /** Why the link ended, once it did. */
  readonly failure: () => unknown;
  /** What to tell when the link ends; each waiting call registers itself and takes itself out again. */
  readonly waiting: Set<() => void>;
}

/** Opens an authenticated connection, through the jump hosts in their order. The host key of each hop is checked
 *  against its list; nothing is ever asked or learnt.
 *  @throws DeviceError */
export async function connect(target: DeviceTarget): Promise<Connection> {
  const hops: Hop[] = target.jump.map((jump) => ({ ...jump, legacyAlgorithms: target.legacyAlgorithms }));
  if ([...target.jump, target].some((hop) => hop.hostKeys.length === 0)) {
    throw deviceError("host-key", target.device, {
      note: "no host key is known for it or for its jump host",
    });
  }
  // Loaded at the first dial: most commands read no device.
  const { default: ssh2 } = await import("ssh2");
  const links: Link[] = [];
  try {
    for (const hop of [...hops, { ...target, name: target.device }]) {
      const through = links.at(-1);
      const sock = through ? await channelTo(hop, through, target) : dial(hop.endpoint);
      links.push(await openLink(new ssh2.Client(), hop, sock, target));
    }
  } catch (error) {
    for (const link of links.toReversed()) link.client.destroy();
    throw error;
  }
  const last = links.at(-1);
  if (last === undefined) throw deviceError("unexpected", target.device, { note: "no hop to dial" });
  return connectionOver(last, links, target);
}

function dial(endpoint: Endpoint): Duplex {
  return endpoint.kind === "tcp" ? connectSocket(endpoint.port, endpoint.host) : connectSocket(endpoint.path);
}

/** A stream to the next hop through the one before. */
function channelTo(hop: Hop, through: Link, target: DeviceTarget): Promise<Duplex> {
  const { endpoint } = hop;
  const { connectMs } = target.timeouts;
  return waitFor(through, target.device, connectMs, `no channel to ${hop.name}`, (resolve, reject) => {
    const done = (cause: Error | undefined, channel: ClientChannel): void => {
      if (!cause) resolve(channel);
      else
        reject(
          deviceError("unreachable", target.device, { cause, note: `a jump host cannot reach ${hop.name}` }),
        );
    };
    if (endpoint.kind === "tcp")
      through.client.forwardOut("127.0.0.1", 0, endpoint.host, endpoint.port, done);
    else through.client.openssh_forwardOutStreamLocal(endpoint.path, done);
  });
}

function openLink(client: Client, hop: Hop, sock: Duplex, target: DeviceTarget): Promise<Link> {
  const stage: ConnectionStage = {
    connected: false,
    ended: false,
    closed: false,
    authenticating: false,
    ready: false,
    hostKeyRefused: false,
  };
  const waiting = new Set<() => void>();
  let failure: unknown;
  // Before ssh2's own listener, so that an error it makes of an end is known as an end.
  sock.on("end", () => {
    stage.ended = true;
  });
  return new Promise((resolve, reject) => {
    const fail = (kind: DeviceErrorKind, cause?: unknown): void => {
      const word = cause instanceof Error ? cause.message : "";
      const note = hop.name === target.device ? undefined : `jump host ${hop.name} ${word}`.trim();
      reject(deviceError(kind, target.device, { cause, ...(note ? { note } : {}) }));
      client.destroy();
      sock.destroy();
    };
    client.on("connect", () => {
      stage.connected = true;
      client.setNoDelay(true);
    });
    client.on("error", (error) => {
      failure ??= error;
      if (!stage.ready) fail(classifyFailure(error, stage), error);
    });
    client.on("close", () => {
      if (!stage.ready) fail(stage.hostKeyRefused ? "host-key" : "closed", failure);
      stage.closed = true;
      for (const tell of [...waiting]) tell();
    });
    client.on("change password", () => fail("authentication", new Error("the password has expired")));
    answerQuestions(client, hop.login);
    client.once("ready", () => {
      stage.ready = true;
      resolve({ client, stage, failure: () => failure, waiting });
    });
    try {
      client.connect(configOf(hop, sock, stage, target.timeouts));
    } catch (cause) {
      // Thrown before any packet: a private key that cannot be read.
      fail("authentication", cause);
    }
  });
}

function configOf(hop: Hop, sock: Duplex, stage: ConnectionStage, timeouts: Timeouts): ConnectConfig {
  const { login } = hop;
  const algorithms = offeredAlgorithms(hop);
  return {
    sock,
    username: login.user,
    ...(login.password ? { password: login.password.reveal(), tryKeyboard: true } : {}),
    ...(login.key ? { privateKey: login.key.reveal() } : {}),
    ...(login.agent ? { agent: login.agent } : {}),
    authHandler: authOrder(login, stage),
    hostVerifier: (key: Buffer) => {
      stage.connected = true;
      stage.hostKeyRefused = !isAcceptedHostKey(key, hop.hostKeys);
      return !stage.hostKeyRefused;
    },
    algorithms: algorithms as NonNullable<ConnectConfig["algorithms"]>,
    readyTimeout: timeouts.connectMs,
    keepaliveInterval: timeouts.keepaliveMs,
    keepaliveCountMax: KEEPALIVE_COUNT,
  };
}

/** Tries what the login has, strongest first, and only what the server still offers. */
function authOrder(login: Login, stage: ConnectionStage): NonNullable<ConnectConfig["authHandler"]> {
  const order: string[] = [];
  if (login.key) order.push("publickey");
  if (login.agent) order.push("agent");
  if (login.password) order.push("password", "keyboard-interactive");
  return ((
    left: readonly string[] | null,
    _partial: boolean | null,
    next: (method: string | false) => void,
  ) => {
    stage.authenticating = true;
    const at = order.findIndex((method) => left === null || left.includes(wireName(method)));
    const method = at < 0 ? undefined : order.splice(0, at + 1).at(-1);
    next(method ?? false);
  }) as NonNullable<ConnectConfig["authHandler"]>;
}

function wireName(method: string): string {
  return method === "agent" ? "publickey" : method;
}

/** Answers hidden questions with the password and leaves shown ones empty. */
function answerQuestions(client: Client, login: Login): void {
  let rounds = 0;
  client.on("keyboard-interactive", (_name, _instructions, _language, prompts, finish) => {
    rounds += 1;
    const password = rounds > MAX_QUESTION_ROUNDS ? "" : (login.password?.reveal() ?? "");
    finish(prompts.map((prompt) => (prompt.echo === true ? "" : password)));
  });
}

function connectionOver(link: Link, links: readonly Link[], target: DeviceTarget): Connection {
  const { device, timeouts } = target;
  return {
    exec: (command, options = {}) => runExec(link, target, command, options),
    shell: () =>
      waitFor(link, device, timeouts.connectMs, "it opens no shell in time", (resolve, reject) => {
        link.client.shell(PTY, (cause, stream) => {
          if (cause) reject(deviceError("unexpected", device, { cause, note: "it opens no shell" }));
          else resolve(shellOver(stream, device, () => endOf(link)));
        });
      }),
    close: () => closeLinks(links),
  };
}

function runExec(
  link: Link,
  target: DeviceTarget,
  command: string,
  options: { readonly stdin?: string; readonly timeoutMs?: number },
): Promise<ExecResult> {
  const { device, timeouts } = target;
  const timeoutMs = options.timeoutMs ?? timeouts.commandMs;
  let channel: ClientChannel | undefined;
  const run = waitFor<ExecResult>(link, device, timeoutMs, "a command did not end", (resolve, reject) => {
    link.client.exec(command, (cause, stream) => {
      if (cause) {
        reject(deviceError("unexpected", device, { cause, note: "it runs no command" }));
        return;
      }
      channel = stream;
      collectOutput(stream, resolve, (note) => reject(deviceError(endOf(link), device, { note })));
      stream.end(options.stdin ?? "");
    });
  });
  return run.finally(() => channel?.destroy());
}

/** Waits for one answer; the end of the link or of the time rejects it instead. */
function waitFor<T>(
  link: Link,
  device: string,
  timeoutMs: number,
  onTimeout: string,
  start: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  let ended: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const answer = new Promise<T>((resolve, reject) => {
    ended = () => reject(deviceError(endOf(link), device, { cause: link.failure() }));
    link.waiting.add(ended);
    timer = setTimeout(
      () => reject(deviceError("timeout", device, { note: `${onTimeout} (${timeoutMs} ms)` })),
      timeoutMs,
    );
    try {
      start(resolve, reject);
    } catch (cause) {
      // Thrown where the connection is gone already.
      reject(deviceError("closed", device, { cause }));
    }
  });
  return answer.finally(() => {
    clearTimeout(timer);
    if (ended) link.waiting.delete(ended);
  });
}

function endOf(link: Link): DeviceErrorKind {
  return link.failure() === undefined ? "closed" : classifyFailure(link.failure(), link.stage);
}

/** Says goodbye to each hop, the device first, and waits a moment for the sockets to go. */
async function closeLinks(links: readonly Link[]): Promise<void> {
  const open = links.toReversed().filter((link) => !link.stage.closed);
  await Promise.all(open.map((link) => goodbye(link)));
}

function goodbye(link: Link): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      link.client.destroy();
      resolve();
    }, CLOSE_MS);
    link.client.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    link.client.end();
  });
}
