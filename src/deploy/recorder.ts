import type { PushResult } from "./push-result.ts";
import type { PushObserver } from "./push-types.ts";
import { ourselves } from "./stores/locks.ts";
import type { JournalStore, PushStep } from "./stores/types.ts";

/** Writes the steps of one push into the journal, each before and after. */
export interface Recorder {
  readonly push: string;
  /** Runs a step between its two lines in the journal; a step that throws has no second line. */
  step<T>(step: PushStep, work: () => Promise<T>): Promise<T>;
  over(result: PushResult, reason?: string): Promise<void>;
}

/** What a recorder needs to know of its push. */
export interface RecorderOptions {
  readonly push: string;
  readonly asset: string;
  readonly device: string;
  readonly operator: string;
  readonly plan: string | undefined;
  readonly now: () => Date;
  readonly observe?: PushObserver;
}

/** Opens the journal of a new push. */
export async function startRecord(journal: JournalStore, options: RecorderOptions): Promise<Recorder> {
  const { push, asset, device, operator, plan, now } = options;
  const holder = ourselves(now);
  await journal.append({
    kind: "push",
    push,
    asset,
    device,
    at: now().toISOString(),
    operator,
    plan,
    holder,
  });
  return continueRecord(journal, options);
}

/** Goes on with the journal of a push that was started before. */
export function continueRecord(journal: JournalStore, options: RecorderOptions): Recorder {
  const { push, asset, now, observe } = options;
  const at = () => now().toISOString();
  return {
    push,
    async step(step, work) {
      await journal.append({ kind: "begin", push, asset, at: at(), step });
      await observe?.(step, "begin");
      const result = await work();
      await observe?.(step, "done");
      await journal.append({ kind: "end", push, asset, at: at(), step });
      await observe?.(step, "end");
      return result;
    },
    async over(result, reason) {
      const note = reason === undefined ? {} : { reason };
      await journal.append({ kind: "over", push, asset, at: at(), result, ...note });
      await journal.forget(push);
    },
  };
}
