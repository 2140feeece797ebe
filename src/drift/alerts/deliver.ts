import { setTimeout as sleep } from "node:timers/promises";
import { SecretError, type SecretResolver } from "../../deploy/secrets.ts";
import type { AlertChannel, AlertSettings } from "../../model/alert.ts";
import { formatSecretRef } from "../../model/secret.ts";
import { type Batch, LONGEST_WAIT_MS, type Outbox } from "../store/outbox.ts";
import { alertMessage } from "./message.ts";
import type { SendOutcome } from "./outcome.ts";
import { REQUESTS } from "./payloads.ts";
import { sendMail } from "./send-mail.ts";
import { sendWeb } from "./send-web.ts";

/** A channel as a target of the outbox. */
export interface AlertTarget {
  /** The site and the channel's name, as in the outbox. */
  readonly target: string;
  readonly channel: AlertChannel;
  readonly language: AlertSettings["language"];
}

export interface DeliverOptions {
  readonly outbox: Outbox;
  readonly secrets: Pick<SecretResolver, "resolve">;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long to go on trying; what is left waits in the outbox for the next run. */
  readonly budgetMs: number;
  /** For one request (default 15 s). */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** What a delivery did. */
export interface Delivery {
  readonly sent: number;
  /** Tries that failed: which channel and why, without any address. */
  readonly failures: readonly { readonly target: string; readonly reason: string }[];
}

/** Messages a minute that a channel takes, a little below what the vendor allows: others may use the robot too. */
const RATE: Readonly<Record<AlertChannel["type"], number>> = {
  dingtalk: 18,
  wecom: 18,
  feishu: 90,
  slack: 50,
  teams: 60,
  email: 30,
  webhook: 120,
};
/** Notices in one message. */
const MOST_NOTICES: Readonly<Record<AlertChannel["type"], number>> = {
  dingtalk: 20,
  wecom: 10,
  feishu: 20,
  slack: 20,
  teams: 20,
  email: 50,
  webhook: 50,
};
const FIRST_WAIT_MS = 2_000;
const DEFAULT_TIMEOUT_MS = 15_000;
const MINUTE_MS = 60_000;
/** A channel that a person has to mend is not tried again in the same run. */
const UNUSABLE_WAIT_MS = 10 * MINUTE_MS;

/** Sends what the outbox owes to these targets. Targets of one robot share its rate and go one after the other; robots go
 *  side by side. */
export async function deliverAlerts(
  targets: readonly AlertTarget[],
  options: DeliverOptions,
): Promise<Delivery> {
  const byRobot = Map.groupBy(targets, ({ channel }) => robotOf(channel));
  const deliveries = await Promise.all(
    [...byRobot].map(([robot, own]) => new Robot(robot, own, options).deliver()),
  );
  return {
    sent: deliveries.reduce((sum, delivery) => sum + delivery.sent, 0),
    failures: deliveries.flatMap((delivery) => delivery.failures),
  };
}

/** What a rate is counted for: the reference of a robot's address, or a mail server. */
function robotOf(channel: AlertChannel): string {
  return channel.type === "email" ? `smtp:${channel.host}:${channel.port}` : formatSecretRef(channel.url);
}

/** One robot at work, for one delivery. */
class Robot {
  readonly #name: string;
  readonly #targets: ReadonlyMap<string, AlertTarget>;
  readonly #options: DeliverOptions;
  readonly #type: AlertChannel["type"];
  readonly #failures = new Map<string, Delivery["failures"][number]>();
  readonly #startMs = performance.now();
  #sent = 0;
  #pausedUntilMs = 0;
  /** Something failed and is due again at the end of the pause. */
  #owing = false;

  constructor(name: string, targets: readonly AlertTarget[], options: DeliverOptions) {
    this.#name = name;
    this.#targets = new Map(targets.map((target) => [target.target, target]));
    this.#options = options;
    this.#type = targets[0]?.channel.type ?? "webhook";
  }

  async deliver(): Promise<Delivery> {
    const { outbox, now, signal } = this.#options;
    while (signal?.aborted !== true) {
      const waitMs = Math.max(await this.#rateWait(), this.#pausedUntilMs - now());
      if (waitMs > 0) {
        if (!(await this.#isOwing()) || !(await this.#sleep(waitMs))) break;
        continue;
      }
      const batch = await outbox.claim([...this.#targets.keys()], now(), MOST_NOTICES[this.#type]);
      if (batch === undefined) break;
      await this.#settle(batch);
    }
    return { sent: this.#sent, failures: [...this.#failures.values()] };
  }

  async #settle(batch: Batch): Promise<void> {
    const { outbox, now } = this.#options;
    const target = this.#targets.get(batch.target);
    if (target === undefined) return;
    const outcome = await tryOnce(batch, target, this.#name, this.#options);
    if (outcome.kind === "sent") {
      this.#sent += 1;
      await outbox.settle(batch, outcome, now());
      return;
    }
    const failure = { target: batch.target, reason: outcome.reason };
    this.#failures.set(`${failure.target} ${failure.reason}`, failure);
    const notBeforeMs = now() + waitOf(outcome, batch.attempts);
    await outbox.settle(batch, { kind: outcome.kind, notBeforeMs, error: outcome.reason }, now());
    this.#pausedUntilMs = notBeforeMs;
    this.#owing = true;
  }

  /** Milliseconds until the robot takes another message. */
  async #rateWait(): Promise<number> {
    const nowMs = this.#options.now();
    const lately = await this.#options.outbox.sentLately(this.#name, nowMs);
    const limit = RATE[this.#type];
    const [oldest] = lately.slice(-limit);
    if (lately.length < limit || oldest === undefined) return 0;
    return Math.max(1, Math.min(MINUTE_MS, oldest + MINUTE_MS - nowMs));
  }

  /** Whether it is worth waiting. */
  async #isOwing(): Promise<boolean> {
    if (this.#owing) return true;
    const counts = await this.#options.outbox.counts();
    return counts.some(({ target, waiting }) => waiting > 0 && this.#targets.has(target));
  }

  /** Waits, if the budget allows it. */
  async #sleep(waitMs: number): Promise<boolean> {
    const { budgetMs, signal } = this.#options;
    if (waitMs > budgetMs - (performance.now() - this.#startMs)) return false;
    return sleep(waitMs, true, signal ? { signal } : {}).catch(() => false);
  }
}

async function tryOnce(
  batch: Batch,
  target: AlertTarget,
  robot: string,
  options: DeliverOptions,
): Promise<SendOutcome> {
  const { channel, language } = target;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const message = alertMessage(batch.message, batch.site, batch.notices, language, batch.doubts > 0);
  try {
    if (channel.type === "email") {
      const password = channel.password && (await options.secrets.resolve(channel.password)).reveal();
      await options.outbox.sending(batch, robot, options.now());
      return await sendMail(channel, password, message, timeoutMs);
    }
    const url = (await options.secrets.resolve(channel.url)).reveal();
    const secret = channel.secret && (await options.secrets.resolve(channel.secret)).reveal();
    const request = REQUESTS[channel.type]({
      url,
      secret,
      message,
      notices: batch.notices,
      nowMs: options.now(),
    });
    await options.outbox.sending(batch, robot, options.now());
    return await sendWeb(channel.type, request, timeoutMs);
  } catch (error) {
    if (error instanceof SecretError)
      return { kind: "retry", reason: error.message, afterMs: UNUSABLE_WAIT_MS };
    if (error instanceof TypeError)
      return { kind: "retry", reason: "its address is no URL", afterMs: UNUSABLE_WAIT_MS };
    throw error;
  }
}

/** Twice as long each time, up to an hour; a server that names a time is heeded. */
function waitOf(outcome: Exclude<SendOutcome, { kind: "sent" }>, attempts: number): number {
  const asked = outcome.kind === "retry" ? outcome.afterMs : undefined;
  return Math.min(LONGEST_WAIT_MS, asked ?? FIRST_WAIT_MS * 2 ** Math.min(attempts, 12));
}
