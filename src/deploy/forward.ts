import { createHash } from "node:crypto";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { Endpoint } from "../drivers/transport/types.ts";

/** A port of this machine that leads to a practice device. */
export interface Forward {
  readonly port: number;
  close(): Promise<void>;
}

/** Ports that forwards take first: above what people use, below what the system hands out. */
const FIRST_PORT = 21_000;
const PORTS = 9_000;

/** Opens a loopback port for an endpoint. The same name gets the same port at every run if it is free, for a port
 *  that moves would be a change in the state. */
export async function forwardTo(name: string, endpoint: Endpoint): Promise<Forward> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const far = endpoint.kind === "tcp" ? connect(endpoint.port, endpoint.host) : connect(endpoint.path);
    for (const end of [socket, far]) {
      sockets.add(end);
      end.once("close", () => sockets.delete(end));
    }
    socket.on("error", () => far.destroy());
    far.on("error", () => socket.destroy());
    socket.pipe(far).pipe(socket);
  });
  const wanted = FIRST_PORT + (createHash("sha256").update(name).digest().readUInt32BE(0) % PORTS);
  const port = (await listen(server, wanted)) ?? (await listen(server, 0));
  server.unref();
  if (port === undefined) throw new Error(`no loopback port is free for ${name}`);
  return {
    port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** @returns undefined where the port is taken */
async function listen(server: Server, port: number): Promise<number | undefined> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return undefined;
    throw error;
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : undefined;
}
