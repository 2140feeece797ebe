import { setTimeout as sleep } from "node:timers/promises";
import { DeviceError, type FullDriver } from "../drivers/driver.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { OpenedSession } from "./push-types.ts";
import type { Receipt } from "./stores/types.ts";
import type { Purpose } from "./targets.ts";
import type { DeployContext } from "./types.ts";

/** Milliseconds between two attempts to reach a device that is healing. */
const RETRY_MS = 1_000;

/** Where and under which name a device may answer. */
export interface Whereabouts {
  /** In the order in which they are tried. */
  readonly addresses: readonly string[];
  /** All addresses that it has or had: its host key may be known under any of them. */
  readonly knownAt: readonly string[];
  /** Undefined where the name is not known or is about to change. */
  readonly hostname: string | undefined;
  /** True where another device may stand at one of the addresses: it is passed over and told of at the end, since the
   *  device itself may yet answer at another one. */
  readonly passesStrangers?: true;
}

/** Where a push that is settled may have left its device. */
export interface LeftAt {
  readonly intent: DeviceIntent;
  /** Where it answered before the push, if that is on record. */
  readonly address?: string;
}

/** Before a push: the inventory's address, then the one of the last receipt, under the name of the last receipt.
 *  A device without receipt may have any name: its host key says who it is. */
export function beforePush(intent: DeviceIntent, receipt: Receipt | undefined): Whereabouts {
  const addresses = addressesOf(intent, receipt);
  return { addresses, knownAt: addresses, hostname: receipt?.hostname };
}

/** After the change was sent: only the inventory's address and name count. */
export function afterPush(intent: DeviceIntent, receipt: Receipt | undefined): Whereabouts {
  const { management, system } = intent;
  const knownAt = addressesOf(intent, receipt);
  return { addresses: [management.address], knownAt, hostname: system.hostname };
}

/** While undoing: any address, the old one first, and the name only if the change does not touch it. */
export function whileUndoing({ intent, address }: LeftAt, receipt: Receipt | undefined): Whereabouts {
  const same = receipt?.hostname === intent.system.hostname;
  const addresses = [
    ...new Set([...(address === undefined ? [] : [address]), ...addressesOf(intent, receipt).toReversed()]),
  ];
  return {
    addresses,
    knownAt: addresses,
    hostname: same ? receipt?.hostname : undefined,
    ...(addresses.length > 1 ? { passesStrangers: true } : {}),
  };
}

/** While a confirmation that was cut short is looked into: the same, but the new address first. */
export function whileAsking(left: LeftAt, receipt: Receipt | undefined): Whereabouts {
  const where = whileUndoing(left, receipt);
  return { ...where, addresses: where.addresses.toReversed() };
}

/** Opens a session at the first address that answers.
 *  @throws DeviceError where none does: of a stranger that was passed over, else of the first address; SecretError */
export async function openSession(
  request: { readonly intent: DeviceIntent; readonly driver: FullDriver; readonly purpose: Purpose },
  where: Whereabouts,
  context: DeployContext,
): Promise<OpenedSession> {
  let first: unknown;
  let stranger: unknown;
  for (const address of where.addresses) {
    try {
      const override = { address, hostname: where.hostname, knownAt: where.knownAt };
      const target = await context.targets.resolve(request.intent, request.purpose, override);
      return { session: await request.driver.connect(target), address };
    } catch (error) {
      if (isPassable(error, where)) stranger ??= error;
      else if (!isAbsence(error)) throw error;
      first ??= error;
    }
  }
  throw (
    stranger ?? first ?? new DeviceError("unreachable", request.intent.id, "it has no management address")
  );
}

/** The same, trying again until `untilMs` of the clock: a device may need its dead-man to answer again. */
export async function openSessionUntil(
  request: { readonly intent: DeviceIntent; readonly driver: FullDriver; readonly purpose: Purpose },
  where: Whereabouts,
  context: DeployContext,
  untilMs: number,
): Promise<OpenedSession> {
  for (;;) {
    try {
      return await openSession(request, where, context);
    } catch (error) {
      if (!(isAbsence(error) || isPassable(error, where)) || Date.now() >= untilMs) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** True where another device answered, and the one that is looked for may still come. */
function isPassable(error: unknown, where: Whereabouts): boolean {
  if (where.passesStrangers !== true || !(error instanceof DeviceError)) return false;
  return error.kind === "host-key" || error.kind === "wrong-device";
}

/** True where a device did not answer, rather than answer wrongly. */
export function isAbsence(error: unknown): boolean {
  if (!(error instanceof DeviceError)) return false;
  return error.kind === "unreachable" || error.kind === "timeout" || error.kind === "closed";
}

function addressesOf(intent: DeviceIntent, receipt: Receipt | undefined): readonly string[] {
  const { address } = intent.management;
  return receipt === undefined || receipt.address === address ? [address] : [address, receipt.address];
}
