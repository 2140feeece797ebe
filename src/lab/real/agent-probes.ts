import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { connect, createServer, isIPv6 } from "node:net";
import { type AgentAnswers, type AgentCall, lineReader } from "./agent-protocol.ts";
import type { LabProbeResult, LabVerdict } from "./types.ts";

type ProbeCall = Extract<AgentCall, { do: "probe" }>;

const listeners = new Map<string, Promise<AgentAnswers["listen"]>>();
const arrivals = new Map<string, string>();
const waiting = new Map<string, (seenFrom: string) => void>();

/** Errors that say "somebody on the way refused", as opposed to silence. */
const REFUSALS = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EACCES",
  "ENOPROTOOPT",
]);

/** Opens a real listener, once; where a daemon listens already, that one is the listener. */
export function openListener(proto: "tcp" | "udp", port: number): Promise<AgentAnswers["listen"]> {
  const key = `${proto} ${port}`;
  const known = listeners.get(key);
  if (known !== undefined) return known;
  const opened = proto === "tcp" ? listenTcp(port) : listenUdp(port);
  listeners.set(key, opened);
  return opened;
}

function listenTcp(port: number): Promise<AgentAnswers["listen"]> {
  const server = createServer((socket) => {
    const seenFrom = plain(socket.remoteAddress ?? "");
    socket.on("error", () => undefined);
    const read = lineReader((nonce) => {
      arrive(nonce, seenFrom);
      socket.end(`${seenFrom}\n`);
    });
    socket.on("data", read);
  });
  return new Promise((resolve, reject) => {
    server.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve({ taken: true }) : reject(error),
    );
    server.listen({ port, host: "::" }, () => resolve({ taken: false }));
  });
}

function listenUdp(port: number): Promise<AgentAnswers["listen"]> {
  const socket = createSocket("udp6");
  socket.on("message", (message, { address, port: far }) => {
    const seenFrom = plain(address);
    arrive(message.toString(), seenFrom);
    socket.send(`${message.toString()} ${seenFrom}`, far, address, () => undefined);
  });
  return new Promise((resolve, reject) => {
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve({ taken: true }) : reject(error),
    );
    socket.bind({ port, address: "::" }, () => resolve({ taken: false }));
  });
}

function arrive(nonce: string, seenFrom: string): void {
  arrivals.set(nonce, seenFrom);
  waiting.get(nonce)?.(seenFrom);
}

/** Waits until a listener of this namespace has seen a probe; an empty answer when it has not in time. */
export function awaitArrival(nonce: string, timeoutMs: number): Promise<AgentAnswers["await"]> {
  return new Promise((resolve) => {
    const finish = (answer: AgentAnswers["await"]) => {
      clearTimeout(timer);
      waiting.delete(nonce);
      arrivals.delete(nonce);
      resolve(answer);
    };
    const timer = setTimeout(() => finish({}), timeoutMs);
    waiting.set(nonce, (seenFrom) => finish({ seenFrom }));
    const seenFrom = arrivals.get(nonce);
    if (seenFrom !== undefined) finish({ seenFrom });
  });
}

/** Sends a probe from this namespace. */
export function sendProbe(call: ProbeCall): Promise<LabProbeResult> {
  if (call.proto === "tcp") return probeTcp(call);
  return call.proto === "udp" ? probeUdp(call) : probeIcmp(call);
}

function probeTcp({ to, port, nonce, timeoutMs }: ProbeCall): Promise<LabProbeResult> {
  const startedAt = performance.now();
  const socket = connect({ host: to, port, noDelay: true });
  return new Promise((resolve) => {
    let connected = false;
    const finish = (verdict: LabVerdict, more: Partial<LabProbeResult> = {}) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ verdict, tookMs: performance.now() - startedAt, ...more });
    };
    const timer = setTimeout(() => finish(connected ? "arrived" : "dropped"), timeoutMs);
    socket.on("connect", () => {
      connected = true;
      socket.write(`${nonce}\n`);
    });
    socket.on(
      "data",
      lineReader((seenFrom) => finish("arrived", /^[0-9a-f.:]+$/.test(seenFrom) ? { seenFrom } : {})),
    );
    socket.on("error", ({ code = "unknown" }: NodeJS.ErrnoException) =>
      finish(connected ? "arrived" : verdictOf(code), { detail: code }),
    );
    socket.on("close", () => finish(connected ? "arrived" : "dropped"));
  });
}

function probeUdp({ to, port, nonce, timeoutMs }: ProbeCall): Promise<LabProbeResult> {
  const startedAt = performance.now();
  const socket = createSocket(isIPv6(to) ? "udp6" : "udp4");
  return new Promise((resolve) => {
    let isDone = false;
    const finish = (verdict: LabVerdict, more: Partial<LabProbeResult> = {}) => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      clearTimeout(again);
      socket.close();
      resolve({ verdict, tookMs: performance.now() - startedAt, ...more });
    };
    const send = () => socket.send(nonce, (error) => error && onError(error));
    const onError = ({ code = "unknown" }: NodeJS.ErrnoException) =>
      finish(verdictOf(code), { detail: code });
    const timer = setTimeout(() => finish("dropped"), timeoutMs);
    // UDP may lose one on a busy machine; a filter drops the second as surely as the first.
    const again = setTimeout(() => !isDone && send(), timeoutMs / 3);
    socket.on("error", onError);
    socket.on("message", (message) =>
      finish("arrived", { seenFrom: message.toString().split(" ")[1] ?? "" }),
    );
    socket.connect(port, to, (error?: Error) => (error ? onError(error) : send()));
  });
}

function probeIcmp({ to, timeoutMs }: ProbeCall): Promise<LabProbeResult> {
  const startedAt = performance.now();
  const args = ["-n", "-c", "1", "-W", String(timeoutMs / 1000), to];
  return new Promise((resolve) => {
    execFile("ping", args, { timeout: timeoutMs + 1000, killSignal: "SIGKILL" }, (error, stdout, stderr) => {
      const tookMs = performance.now() - startedAt;
      const words = /(?:Destination .*|Packet filtered|.*unreachable)$/im.exec(`${stdout}\n${stderr}`)?.[0];
      if (error === null) resolve({ verdict: "arrived", tookMs });
      else if (words !== undefined) resolve({ verdict: "refused", tookMs, detail: words });
      else resolve({ verdict: "dropped", tookMs });
    });
  });
}

function verdictOf(code: string): LabVerdict {
  return REFUSALS.has(code) ? "refused" : "dropped";
}

function plain(address: string): string {
  return address.replace(/^::ffff:/, "");
}
