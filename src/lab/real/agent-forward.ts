import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import type { Impairment } from "./agent-protocol.ts";
import { carryImpaired } from "./impaired-pipe.ts";

interface Way {
  impairment: Impairment;
  readonly open: Set<Socket>;
}

const ways = new Map<string, Way>();

const CONNECT_TIMEOUT_MS = 20_000;

/** Opens a unix socket whose connections lead to an address of this namespace. */
export function openForward(socketPath: string, host: string, port: number): Promise<void> {
  rmSync(socketPath, { force: true });
  const way: Way = { impairment: {}, open: new Set() };
  ways.set(socketPath, way);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => join(way, near, host, port));
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(socketPath, () => {
      chmodSync(socketPath, 0o600);
      resolve();
    });
  });
}

/** Makes a way worse, or good again with an empty impairment.
 *  @returns how many connections were cut */
export function impairForward(socketPath: string, impairment: Impairment): number {
  const way = ways.get(socketPath);
  if (way === undefined) throw new Error(`no way at ${socketPath}`);
  way.impairment = impairment;
  if (impairment.cut !== true) return 0;
  const open = [...way.open];
  for (const socket of open) socket.destroy();
  return open.length;
}

function join(way: Way, near: Socket, host: string, port: number): void {
  const far = connect({ host, port, noDelay: true, allowHalfOpen: true });
  far.setTimeout(CONNECT_TIMEOUT_MS, () => far.destroy());
  far.on("connect", () => far.setTimeout(0));
  way.open.add(near);
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    // An error is always followed by close; the other side then learns it the way a client of ssh would: by close.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      way.open.delete(socket);
      other.destroy();
    });
  }
  carryImpaired(near, far, () => way.impairment);
  carryImpaired(far, near, () => way.impairment);
}
