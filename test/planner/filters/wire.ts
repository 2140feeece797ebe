import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A frame that came out: the interface, and hex of what follows the Ethernet header. */
export type Seen = readonly [string, string];

/** Runs `ip`. @throws Error with its words */
export const ip = (...args: string[]): string => execFileSync("ip", args, { encoding: "utf8" });

/** Why no packet can be sent here; undefined where it can. */
export function whyNoPackets(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  for (const [tool, ...args] of [
    ["nft", "--version"],
    ["ip", "-V"],
    ["python3", "--version"],
  ] as const) {
    try {
      execFileSync(tool, args, { stdio: "ignore" });
    } catch {
      return `needs ${tool}`;
    }
  }
  return undefined;
}

/** Frames in, frames out: one process in the namespace of the wires. */
export class Wire {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(namespace: string) {
    const script = new URL("raw-packets.py", import.meta.url).pathname;
    this.#child = spawn("ip", ["netns", "exec", namespace, "python3", script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error("no output");
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** Sends frames and waits until nothing more comes out. */
  async exchange(
    send: readonly (readonly [string, string])[],
    watch: readonly string[],
  ): Promise<readonly Seen[]> {
    this.#child.stdin?.write(`${JSON.stringify({ send, watch, quietMs: 25 })}\n`);
    const { value } = await this.#lines.next();
    return (JSON.parse(value) as { seen: Seen[] }).seen;
  }

  close(): void {
    this.#child.stdin?.end();
    this.#child.kill();
  }
}

/** What came out, by the mark of our packet. */
export function byMark(seen: readonly Seen[]): Map<number, Seen> {
  return new Map(
    seen.flatMap((frame) =>
      [...frame[1].matchAll(/5a5a([0-9a-f]{4})$/g)].map(
        (match) => [Number.parseInt(match[1] ?? "", 16), frame] as const,
      ),
    ),
  );
}
