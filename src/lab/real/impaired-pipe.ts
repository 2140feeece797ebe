import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Impairment } from "./agent-protocol.ts";

/** How much may be under way on a long cable before its sender is stopped, bytes. */
const ROOM_BYTES = 4 * 1024 * 1024;

interface Parcel {
  readonly chunk: Buffer;
  readonly dueAt: number;
}

/** Carries what one socket receives to another, as well or badly as the way is just now. Delay is that of a long
 *  cable: many chunks travel at once, each arrives late. Without impairment a chunk is passed on at once.
 *  @param impairment - asked for each chunk, because a fault comes in mid-session */
export function carryImpaired(from: Socket, to: Socket, impairment: () => Impairment): void {
  const queue: Parcel[] = [];
  let queuedBytes = 0;
  let isPumping = false;
  let hasEnded = false;

  const pump = async () => {
    isPumping = true;
    for (let parcel = queue.shift(); parcel !== undefined; parcel = queue.shift()) {
      const waitMs = parcel.dueAt - performance.now();
      if (waitMs > 0) await sleep(waitMs);
      const { bytesPerSecond } = impairment();
      if (bytesPerSecond !== undefined) await sleep((parcel.chunk.length / bytesPerSecond) * 1000);
      if (to.destroyed) return;
      if (!to.write(parcel.chunk)) await drained(to);
      queuedBytes -= parcel.chunk.length;
      if (from.isPaused() && queuedBytes < ROOM_BYTES / 2) from.resume();
    }
    isPumping = false;
    if (hasEnded) to.end();
  };

  from.on("data", (chunk: Buffer) => {
    const { delayMs = 0, blackHole } = impairment();
    if (blackHole === true) return;
    queue.push({ chunk, dueAt: performance.now() + delayMs });
    queuedBytes += chunk.length;
    if (queuedBytes > ROOM_BYTES) from.pause();
    if (!isPumping) pump().catch(() => to.destroy());
  });
  from.on("end", () => {
    hasEnded = true;
    if (!isPumping) to.end();
  });
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      socket.off("drain", finish);
      socket.off("close", finish);
      resolve();
    };
    socket.on("drain", finish);
    socket.on("close", finish);
  });
}
