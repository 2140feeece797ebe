import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeHolder, fileLocks, LockedError } from "../stores/locks.ts";
import type { HeldLock } from "../stores/types.ts";
import { addDynamicProvider, buildEngine } from "./build.ts";
import type { EngineProgress } from "./go.ts";
import { installByPulumi } from "./install.ts";
import { type Engine, engineRoot, findEngine } from "./locate.ts";
import { ENGINE_VERSION, GO_VERSION } from "./versions.ts";

/** How long the second of two processes waits for the first, milliseconds: a build on a slow machine. */
const WAIT_MS = 60 * 60_000;

/** No way led to an engine; the message says what was tried and what to type. */
export class EngineError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string, cause: unknown) {
    super(message, { cause });
    this.name = "EngineError";
    this.hint = hint;
  }
}

/** One way of getting an engine into `root/bin`. */
export interface EngineWay {
  readonly name: string;
  readonly get: (root: string, scratch: string, onProgress: EngineProgress) => Promise<void>;
}

/** Pulumi's own installer first; where its host cannot be reached, a build from Go modules. */
export const ENGINE_WAYS: readonly EngineWay[] = [
  { name: "Pulumi's installer", get: (root) => installByPulumi(root) },
  { name: "build from Go modules", get: buildEngine },
];

/** Finds the engine or gets it. Of two processes the second waits for the first; a half-made engine is never seen.
 *  @throws EngineError where no way works */
export async function ensureEngine(
  onProgress: EngineProgress,
  ways: readonly EngineWay[] = ENGINE_WAYS,
): Promise<Engine> {
  const found = await findComplete();
  if (found) return found;
  const versions = dirname(engineRoot());
  await mkdir(versions, { recursive: true });
  const lock = await waitForLock(join(versions, ".sitewright"), onProgress);
  try {
    return (await findComplete()) ?? (await getEngine(ways, onProgress));
  } finally {
    await lock.release();
  }
}

/** The engine with its dynamic provider; an engine in Pulumi's home that lacks only that gets it. */
async function findComplete(): Promise<Engine | undefined> {
  const engine = await findEngine();
  if (!engine || engine.dynamicProvider !== undefined) return engine;
  if (engine.source !== "home") return undefined;
  await addDynamicProvider(dirname(engine.pulumi));
  return findEngine();
}

async function getEngine(ways: readonly EngineWay[], onProgress: EngineProgress): Promise<Engine> {
  const root = engineRoot();
  const failures: string[] = [];
  let lastCause: unknown;
  for (const way of ways) {
    const partial = `${root}.${process.pid}.partial`;
    const scratch = `${root}.${process.pid}.scratch`;
    try {
      onProgress(`getting Pulumi ${ENGINE_VERSION}: ${way.name}`);
      await way.get(partial, scratch, onProgress);
      await place(partial, root);
      const engine = await findComplete();
      if (!engine) throw new Error(`${way.name} left no engine in ${root}`);
      onProgress(`Pulumi ${engine.version} is in ${root}`);
      return engine;
    } catch (cause) {
      lastCause = cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      failures.push(`${way.name}: ${reason}`);
      onProgress(`${way.name} does not work here: ${reason.split("\n")[0] ?? ""}`);
    } finally {
      await rm(partial, { recursive: true, force: true });
      await rm(scratch, { recursive: true, force: true });
    }
  }
  throw new EngineError(
    `no Pulumi engine ${ENGINE_VERSION}, and no way to get one:\n${failures.join("\n")}`,
    `install Pulumi ${ENGINE_VERSION} (https://www.pulumi.com/docs/install/), or Go ${GO_VERSION} or newer, and try again`,
    lastCause,
  );
}

/** Moves the finished engine to its place in one step; an older attempt there is moved out of the way first. */
async function place(partial: string, root: string): Promise<void> {
  if (!existsSync(join(partial, "bin", "pulumi"))) throw new Error("it left no bin/pulumi");
  await addDynamicProvider(join(partial, "bin"));
  const aside = `${root}.${process.pid}.old`;
  if (existsSync(root)) await rename(root, aside);
  await rename(partial, root);
  await rm(aside, { recursive: true, force: true });
}

async function waitForLock(folder: string, onProgress: EngineProgress): Promise<HeldLock> {
  const locks = fileLocks(folder);
  const until = Date.now() + WAIT_MS;
  let told = false;
  for (;;) {
    try {
      return await locks.acquire("engine");
    } catch (error) {
      if (!(error instanceof LockedError) || Date.now() > until) throw error;
      if (!told)
        onProgress(`waiting for another process that gets the engine (${describeHolder(error.holder)})`);
      told = true;
      await sleep(500);
    }
  }
}
