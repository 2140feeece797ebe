import { createConnection } from "node:net";
import ssh2, { type ConnectConfig, type Client as SshClient } from "ssh2";
import { labDevice } from "../../../src/lab/real/device-console.ts";
import type { LabState } from "../../../src/lab/real/types.ts";

/** How to log in. */
export interface LoginOptions {
  readonly user?: string;
  readonly key?: string;
  readonly password?: string;
  /** Known host key; default the lab's word for it. */
  readonly hostKey?: string;
  readonly readyTimeoutMs?: number;
}

/** A session of the tests: their own few lines around ssh2, so that they share no error with a driver. */
export class Session {
  readonly #client: SshClient;
  readonly closed: Promise<void>;
  constructor(client: SshClient) {
    this.#client = client;
    client.on("error", () => undefined);
    this.closed = new Promise((resolve) => client.on("close", () => resolve()));
  }
  /** Runs a command. */
  run(
    command: string,
    input = "",
  ): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
    return new Promise((resolve, reject) => {
      this.#client.exec(command, (error, stream) => {
        if (error) return reject(error);
        let stdout = "";
        let stderr = "";
        stream.on("data", (chunk: Buffer) => {
          stdout += chunk.toString();
        });
        stream.stderr.on("data", (chunk: Buffer) => {
          stderr += chunk.toString();
        });
        stream.on("close", (code: number | null) => resolve({ exitCode: code ?? undefined, stdout, stderr }));
        stream.end(input);
      });
    });
  }
  close(): void {
    this.#client.end();
  }
}

/** Logs in to a device of the lab through its unix socket. */
export function login(state: LabState, name: string, options: LoginOptions): Promise<Session> {
  const { socketPath = "", hostKey = "" } = labDevice(state, name);
  const known = (options.hostKey ?? hostKey).split(" ")[1] ?? "";
  const sock = createConnection(socketPath);
  const client = new ssh2.Client();
  const config: ConnectConfig = {
    sock,
    username: options.user ?? "root",
    hostVerifier: (key: Buffer) => key.toString("base64") === known,
    readyTimeout: options.readyTimeoutMs ?? 5000,
    ...(options.key !== undefined && { privateKey: options.key }),
    ...(options.password !== undefined && { password: options.password }),
  };
  return new Promise((resolve, reject) => {
    client.once("ready", () => resolve(new Session(client)));
    client.on("error", reject);
    client.once("close", () => reject(new Error("closed")));
    sock.on("error", reject);
    client.connect(config);
  });
}

/** Logs in, runs one command, logs out. */
export async function runOver(
  state: LabState,
  name: string,
  options: LoginOptions,
  command: string,
  input = "",
) {
  const session = await login(state, name, options);
  try {
    return await session.run(command, input);
  } finally {
    session.close();
  }
}
