import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { codeFile } from "../../package-files.ts";
import { type AgentAnswers, type AgentCall, type AgentReply, lineReader } from "./agent-protocol.ts";
import { devicePaths } from "./lab-names.ts";
import { inNamespace } from "./lab-network.ts";
import { startDetached } from "./run.ts";
import { LabTimeoutError, waitFor } from "./wait.ts";

/** Which agent: the lab's run folder and the namespace it lives in. */
export interface AgentPlace {
  readonly runDir: string;
  readonly namespace: string;
}

interface Pending {
  readonly resolve: (answer: AgentAnswers[AgentCall["do"]]) => void;
  readonly reject: (error: Error) => void;
}

const START_TIMEOUT_MS = 15_000;
const CALL_TIMEOUT_MS = 10_000;

/** A connection to the agent of one namespace. Calls run side by side. */
export class AgentClient {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on(
      "data",
      lineReader((line) => this.#settle(JSON.parse(line) as AgentReply)),
    );
    socket.on("error", () => undefined);
    socket.on("close", () => {
      for (const { reject } of this.#pending.values()) reject(new Error("the agent ended"));
      this.#pending.clear();
    });
  }

  /** Asks the agent; the wait is bounded.
   *  @throws Error with the agent's own words */
  call<D extends AgentCall["do"]>(call: Extract<AgentCall, { do: D }>): Promise<AgentAnswers[D]> {
    const id = ++this.#lastId;
    const timeoutMs = CALL_TIMEOUT_MS + ("timeoutMs" in call ? call.timeoutMs : 0);
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        this.#pending.delete(id);
      };
      const timer = setTimeout(() => {
        finish();
        reject(new LabTimeoutError(`agent answers "${call.do}"`, timeoutMs));
      }, timeoutMs);
      this.#pending.set(id, {
        resolve: (answer) => {
          finish();
          resolve(answer as AgentAnswers[D]);
        },
        reject: (error) => {
          finish();
          reject(error);
        },
      });
      this.#socket.write(`${JSON.stringify({ id, call })}\n`);
    });
  }

  /** Hangs up; the agent itself lives on. */
  close(): void {
    this.#socket.destroy();
  }

  #settle(reply: AgentReply): void {
    const pending = this.#pending.get(reply.id);
    if ("error" in reply) pending?.reject(new Error(reply.error));
    else pending?.resolve(reply.answer);
  }
}

/** Connects to a namespace's agent, starting it where there is none yet. */
export async function openAgent(place: AgentPlace): Promise<AgentClient> {
  const { agentSocket: socketPath, log: logPath } = devicePaths(
    place.runDir,
    `agent-${basename(place.namespace)}`,
  );
  const known = await tryConnect(socketPath);
  if (known !== undefined) return new AgentClient(known);
  const entry = fileURLToPath(codeFile("lab/real/agent-main"));
  startDetached(inNamespace(place.namespace, process.execPath, entry, socketPath), logPath);
  const socket = await waitFor(`agent of ${place.namespace} answers`, () => tryConnect(socketPath), {
    timeoutMs: START_TIMEOUT_MS,
  });
  return new AgentClient(socket);
}

function tryConnect(path: string): Promise<Socket | undefined> {
  if (!existsSync(path)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", () => resolve(undefined));
  });
}
