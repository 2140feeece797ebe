import { createHash } from "node:crypto";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";
import ssh2, {
  type AuthContext,
  type Connection,
  type ParsedKey,
  type ServerChannel,
  type Session,
} from "ssh2";
import { newKeyPair } from "../key-pair.ts";

const { Server, utils } = ssh2;

/** Wrong passwords after which a device hangs up. */
const ATTEMPTS = 3;

/** A login that the device accepted. */
export interface Login {
  readonly name: string;
  readonly privilege: number;
}

/** What stands at the far end of a channel. */
export interface ShellChannel {
  readonly login: Login;
  readonly columns: number;
  readonly rows: number;
  onData(listener: (text: string) => void): void;
  onClose(listener: () => void): void;
  send(text: string): void;
  close(exitCode: number): void;
}

/** How a device answers those who knock. */
export interface SshDoor {
  /** The software part of the identification line, e.g. `Cisco-1.25`. */
  readonly ident: string;
  /** Whether a new connection gets through, is reset, or vanishes. */
  admit(): "open" | "reset" | "silent";
  banner(): string | undefined;
  byPassword(name: string, password: string): Login | undefined;
  /** `key` is the base64 of the key's blob. */
  byKey(name: string, key: string): Login | undefined;
  onShell(channel: ShellChannel): void;
  /** Runs one command; left out, exec requests are refused. */
  readonly onExec?: (channel: ShellChannel, command: string) => void;
  onRefusedLogin(name: string): void;
}

/** A generated or given host key. */
export interface HostKey {
  readonly privateKey: string;
  readonly publicKey: string;
  readonly fingerprint: string;
  readonly type: string;
}

/** Makes a host key, or reads a given one.
 *  @throws Error where the given text is no OpenSSH private key */
export function hostKeyFrom(privateKey?: string): HostKey {
  const text = privateKey ?? newKeyPair().private;
  const parsed = utils.parseKey(text);
  if (parsed instanceof Error)
    throw new Error("host key: not a private key in OpenSSH form", { cause: parsed });
  const key: ParsedKey | undefined = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined) throw new Error("host key: the file holds no key");
  const blob = key.getPublicSSH();
  const fingerprint = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return {
    privateKey: text,
    publicKey: blob.toString("base64"),
    fingerprint: `SHA256:${fingerprint}`,
    type: key.type,
  };
}

/** A listening SSH server of one device. */
export class SshFront {
  readonly #door: SshDoor;
  readonly #key: HostKey;
  readonly #sockets = new Set<Socket>();
  #listener: NetServer | undefined;

  constructor(door: SshDoor, key: HostKey) {
    this.#door = door;
    this.#key = key;
  }

  /** Opens the port; returns the TCP port, 0 for a Unix socket. */
  async listen(where: string | number): Promise<number> {
    const listener = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      if (typeof where === "string") listener.listen(where, resolve);
      else listener.listen(where, "127.0.0.1", resolve);
    });
    this.#listener = listener;
    const address = listener.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Stops or resumes reading from every client: a dead line answers nothing, keepalives included. */
  setDead(dead: boolean): void {
    for (const socket of this.#sockets) {
      if (dead) socket.pause();
      else socket.resume();
    }
  }

  /** Closes the port and all connections. */
  async shut(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    const closed = new Promise<void>((resolve) => {
      if (listener === undefined) resolve();
      else listener.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const verdict = this.#door.admit();
    if (verdict === "reset") {
      socket.resetAndDestroy();
      return;
    }
    if (verdict === "silent") {
      socket.pause();
      return;
    }
    socket.setNoDelay(true);
    this.#serve(socket);
  }

  #serve(socket: Socket): void {
    const banner = this.#door.banner();
    const server = new Server(
      {
        hostKeys: [this.#key.privateKey],
        ident: this.#door.ident,
        ...(banner === undefined ? {} : { banner }),
      },
      (connection) => this.#greet(connection, socket),
    );
    server.injectSocket(socket);
  }

  #greet(connection: Connection, socket: Socket): void {
    let login: Login | undefined;
    let attempts = 0;
    connection.on("error", () => socket.destroy());
    connection.on("authentication", (context) => {
      const settle = (found: Login | undefined): void => {
        login = found;
        if (found !== undefined) {
          context.accept();
          return;
        }
        const tried = context.method === "password" || context.method === "keyboard-interactive";
        if (tried) attempts += 1;
        if (tried) this.#door.onRefusedLogin(context.username);
        if (attempts >= ATTEMPTS) connection.end();
        else context.reject(["publickey", "keyboard-interactive", "password"]);
      };
      if (context.method !== "keyboard-interactive") return settle(this.#authenticate(context));
      return context.prompt([{ prompt: "Password: ", echo: false }], (answers) =>
        settle(this.#door.byPassword(context.username, answers[0] ?? "")),
      );
    });
    connection.on("session", (accept) => {
      if (login !== undefined) this.#session(accept(), login);
    });
  }

  #authenticate(context: AuthContext): Login | undefined {
    if (context.method === "password") return this.#door.byPassword(context.username, context.password);
    if (context.method === "publickey") {
      const login = this.#door.byKey(context.username, context.key.data.toString("base64"));
      if (login === undefined || context.signature === undefined || context.blob === undefined) return login;
      const parsed = utils.parseKey(`${context.key.algo} ${context.key.data.toString("base64")}`);
      if (parsed instanceof Error) return undefined;
      return parsed.verify(context.blob, context.signature, context.hashAlgo) === true ? login : undefined;
    }
    return undefined;
  }

  #session(session: Session, login: Login): void {
    let size = { columns: 80, rows: 24 };
    session.on("pty", (accept, _reject, info) => {
      size = { columns: info.cols, rows: info.rows };
      accept?.();
    });
    session.on("window-change", (accept) => accept?.());
    session.on("shell", (accept) => {
      this.#door.onShell(wrap(accept(), login, size));
    });
    session.on("exec", (accept, reject, info) => {
      const serve = this.#door.onExec;
      if (serve === undefined) reject?.();
      else serve(wrap(accept(), login, size), info.command);
    });
  }
}

function wrap(channel: ServerChannel, login: Login, size: { columns: number; rows: number }): ShellChannel {
  channel.on("error", () => channel.destroy());
  return {
    login,
    ...size,
    onData: (listener) => {
      const decoder = new StringDecoder("utf8");
      channel.on("data", (data: Buffer) => listener(decoder.write(data)));
    },
    onClose: (listener) => {
      channel.once("close", listener);
      channel.once("end", listener);
    },
    send: (text) => {
      if (channel.writable) channel.write(text);
    },
    close: (exitCode) => {
      if (!channel.writable) return;
      channel.exit(exitCode);
      channel.end();
      channel.close();
    },
  };
}
