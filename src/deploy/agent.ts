import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2, { type ParsedKey } from "ssh2";
import type { Secret } from "../model/secret.ts";

/** An SSH agent of our own: keys stay in this process, and the state holds no more than the socket's path (D6). */
export interface KeyAgent {
  readonly socketPath: string;
  /** Adds a private key. @throws Error where it cannot be read */
  add(key: Secret): void;
  close(): Promise<void>;
}

/** Starts an agent for one site. Its socket has the same path at every run, for a path that moves would be a change.
 *  @param name - `client/site` with the workspace's root before it */
export async function startAgent(name: string): Promise<KeyAgent> {
  const socketPath = agentPath(name);
  const keys: ParsedKey[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, keys);
  });
  rmSync(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  server.unref();
  return {
    socketPath,
    add: (key) => void keys.push(parse(key)),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      rmSync(socketPath, { force: true });
    },
  };
}

/** Unix socket paths have 108 bytes at most, so the name goes in as a hash; only our account can enter the folder. */
function agentPath(name: string): string {
  const folder = join(tmpdir(), `sitewright-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, `${createHash("sha256").update(name).digest("hex").slice(0, 16)}.agent`);
}

function parse(key: Secret): ParsedKey {
  const parsed = ssh2.utils.parseKey(key.reveal());
  const first = Array.isArray(parsed) ? parsed[0] : parsed;
  if (first === undefined || first instanceof Error) throw new Error("the private key cannot be read");
  return first;
}

function serve(socket: Socket, keys: readonly ParsedKey[]): void {
  const protocol = new ssh2.AgentProtocol(false);
  protocol.on("identities", (request) => void protocol.getIdentitiesReply(request, [...keys]));
  protocol.on("sign", (request, publicKey, data, options) => {
    const blob = publicKey.getPublicSSH();
    const key = keys.find((candidate) => candidate.getPublicSSH().equals(blob));
    const signature = key?.sign(data, options.hash);
    if (signature === undefined || signature instanceof Error) protocol.failureReply(request);
    else protocol.signReply(request, signature);
  });
  socket.on("error", () => socket.destroy());
  protocol.on("error", () => socket.destroy());
  socket.pipe(protocol).pipe(socket);
}
