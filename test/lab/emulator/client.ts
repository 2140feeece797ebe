import ssh2, { type Client, type ClientChannel } from "ssh2";
import type { Emulator } from "../../../src/lab/emulator/types.ts";

/** Longest wait for an answer, milliseconds. */
const PATIENCE_MS = 4_000;

/** How the test client logs in. */
export interface TestLogin {
  readonly username?: string;
  readonly password?: string;
  readonly privateKey?: string;
  readonly readyTimeoutMs?: number;
}

/** A person at a terminal: types lines, reads raw bytes. */
export class Typist {
  readonly client: Client;
  readonly #channel: ClientChannel;
  #text = "";
  closed = false;
  #wake: (() => void) | undefined;

  constructor(client: Client, channel: ClientChannel) {
    this.client = client;
    this.#channel = channel;
    channel.on("data", (data: Buffer) => {
      this.#text += data.toString("utf8");
      this.#wake?.();
    });
    channel.on("close", () => {
      this.closed = true;
      this.#wake?.();
    });
  }

  /** Sends raw text. */
  type(text: string): void {
    this.#channel.write(text);
  }

  /** Waits until what came since the last wait ends as asked; returns it with carriage returns taken out. */
  async until(end: RegExp, patienceMs = PATIENCE_MS): Promise<string> {
    const deadline = Date.now() + patienceMs;
    while (!end.test(this.#text.replaceAll("\r", ""))) {
      if (this.closed) throw new Error(`closed after: ${JSON.stringify(this.#text)}`);
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`no ${end} in: ${JSON.stringify(this.#text)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    const text = this.#text.replaceAll("\r", "");
    this.#text = "";
    return text;
  }

  /** Types a line and reads up to the next prompt; returns the reply without echo and prompt. */
  async say(line: string, end = PROMPT): Promise<string> {
    this.type(`${line}\n`);
    const text = await this.until(end);
    return text.slice(text.indexOf("\n") + 1).replace(/[^\n]*$/, "");
  }

  /** Waits until the session is gone. */
  async gone(patienceMs = PATIENCE_MS): Promise<boolean> {
    const deadline = Date.now() + patienceMs;
    while (!this.closed && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    return this.closed;
  }

  end(): void {
    this.client.end();
  }
}

/** What a prompt of either platform looks like at the end of the text. */
const PROMPT = /(^|\n)([\w.-]+(\([\w+-]+\))?[#>]|<[\w.-]+>|\[[\w./-]+\])$/;

/** Opens an SSH connection; rejects with the client's error. */
export function connect(emulator: Emulator, login: TestLogin = {}): Promise<Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.once("ready", () => resolve(client));
    client.on("error", reject);
    client.connect({
      host: emulator.host,
      port: emulator.port,
      username: login.username ?? "ops",
      readyTimeout: login.readyTimeoutMs ?? PATIENCE_MS,
      hostVerifier: (key: Buffer) => key.toString("base64") === emulator.hostKey.publicKey,
      ...(login.privateKey === undefined
        ? { password: login.password ?? "ops-password" }
        : { privateKey: login.privateKey }),
    });
  });
}

/** Opens an interactive session and reads up to the first prompt. */
export async function open(emulator: Emulator, login: TestLogin = {}): Promise<Typist> {
  const client = await connect(emulator, login);
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.shell({ term: "vt100", cols: 200, rows: 24 }, (error, made) =>
      error ? reject(error) : resolve(made),
    );
  });
  const typist = new Typist(client, channel);
  await typist.until(PROMPT);
  return typist;
}

/** The accounts that the tests use. */
export const USERS = [
  { name: "ops", password: "ops-password", privilege: 15 },
  { name: "reader", password: "reader-password", privilege: 2 },
  { name: "guest", password: "guest-password", privilege: 1 },
] as const;
