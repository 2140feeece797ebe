import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectSocket, createServer, type Server as NetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2, { type ServerChannel, type Connection as ServerConnection } from "ssh2";
import { DEFAULT_TIMEOUTS, type DeviceTarget, type Endpoint } from "../../../src/drivers/transport/types.ts";
import { newKeyPair } from "../../../src/lab/key-pair.ts";
import { Secret } from "../../../src/model/secret.ts";

/** How a practice server behaves. */
export interface PracticeOptions {
  readonly password?: string;
  readonly publicKey?: string;
  /** Offers keyboard-interactive in place of password. */
  readonly interactive?: boolean;
  readonly forwards?: boolean;
  readonly onExec?: (command: string, channel: ServerChannel, connection: ServerConnection) => void;
  readonly onShell?: (channel: ServerChannel, connection: ServerConnection) => void;
  readonly onLogin?: () => void;
  readonly unixSocket?: boolean;
}

/** A running practice server. */
export interface Practice {
  readonly endpoint: Endpoint;
  readonly hostKey: string;
  readonly connections: Set<ServerConnection>;
  stop(): Promise<void>;
}

/** Starts an SSH server on loopback (or on a Unix socket) with a host key of its own. */
export async function startPractice(options: PracticeOptions = {}): Promise<Practice> {
  const keys = newKeyPair();
  const connections = new Set<ServerConnection>();
  const server = new ssh2.Server({ hostKeys: [keys.private] }, (client) => {
    connections.add(client);
    client.on("error", () => undefined);
    client.on("close", () => connections.delete(client));
    client.on("authentication", (context) => {
      options.onLogin?.();
      const methods = options.interactive ? ["keyboard-interactive"] : ["password", "publickey"];
      if (
        context.method === "password" &&
        !options.interactive &&
        context.password === (options.password ?? "pw")
      )
        context.accept();
      else if (context.method === "keyboard-interactive" && options.interactive)
        context.prompt([{ prompt: "Password: ", echo: false }], (answers) => {
          if (answers[0] === (options.password ?? "pw")) context.accept();
          else context.reject(["keyboard-interactive"]);
        });
      else if (context.method === "publickey" && options.publicKey !== undefined) {
        const allowed = ssh2.utils.parseKey(options.publicKey);
        if (allowed instanceof Error || !allowed.getPublicSSH().equals(context.key.data)) context.reject();
        else if (
          !context.signature ||
          !context.blob ||
          allowed.verify(context.blob, context.signature, context.hashAlgo)
        )
          context.accept();
        else context.reject();
      } else context.reject(methods as never);
    });
    client.on("ready", () => {
      client.on("session", (accept) => {
        const session = accept();
        session.on("pty", (ok) => ok?.());
        session.on("exec", (ok, _no, info) => options.onExec?.(info.command, ok(), client));
        session.on("shell", (ok) => options.onShell?.(ok(), client));
      });
      client.on("tcpip", (accept, reject, info) => {
        if (!options.forwards) {
          reject();
          return;
        }
        const onward = connectSocket(info.destPort, info.destIP);
        onward.on("error", () => reject());
        onward.on("connect", () => {
          const channel = accept();
          channel.on("error", () => onward.destroy());
          channel.on("close", () => onward.destroy());
          onward.on("error", () => channel.end());
          channel.pipe(onward).pipe(channel);
        });
      });
    });
  });
  const folder = options.unixSocket ? mkdtempSync(join(tmpdir(), "practice-")) : undefined;
  const path = folder ? join(folder, "ssh.sock") : undefined;
  await new Promise<void>((resolve) => {
    if (path) server.listen(path, resolve);
    else server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: path ? { kind: "socket", path } : { kind: "tcp", host: "127.0.0.1", port },
    hostKey: publicKeyOf(keys.public),
    connections,
    stop: () => stopServer(server as unknown as NetServer, connections, folder),
  };
}

async function stopServer(
  server: NetServer,
  connections: Set<ServerConnection>,
  folder?: string,
): Promise<void> {
  for (const connection of connections) connection.end();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (folder) rmSync(folder, { recursive: true, force: true });
}

/** A TCP server that accepts and then keeps silent. */
export async function startSilent(): Promise<Practice> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: { kind: "tcp", host: "127.0.0.1", port },
    hostKey: "ssh-ed25519 AAAA",
    connections: new Set(),
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** `ssh-ed25519 AAAA…` of a public key text. */
export function publicKeyOf(text: string): string {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) throw parsed;
  return `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
}

/** A target for a practice server; `change` replaces what a test wants otherwise. */
export function targetOf(practice: Practice, change: Partial<DeviceTarget> = {}): DeviceTarget {
  return {
    device: "acme/hq/box",
    endpoint: practice.endpoint,
    login: { user: "ops", password: new Secret("pw") },
    hostKeys: [practice.hostKey],
    jump: [],
    legacyAlgorithms: false,
    timeouts: { ...DEFAULT_TIMEOUTS, connectMs: 5000, commandMs: 3000 },
    ...change,
  };
}
