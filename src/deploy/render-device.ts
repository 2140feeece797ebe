import type { FullDriver, Rendered } from "../drivers/driver.ts";
import { firstOf, formatAddress, nthHost, parsePrefix } from "../model/address.ts";
import type { DeviceIntent } from "../model/intent.ts";
import { formatSecretRef, type SecretRef } from "../model/secret.ts";
import type { Change, ChangeOptions, Move } from "../planner/config/types.ts";
import { canonicalJson, sha256 } from "../planner/plan/digest.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { Receipt } from "./stores/types.ts";

/** A device's intended configuration, with the digest that inputs, plans and receipts carry. */
export interface IntendedDevice {
  readonly rendered: Rendered;
  /** Over the configuration and its scope. */
  readonly digest: string;
  readonly secretVersions: Readonly<Record<string, string>>;
}

/** Renders a device. Refusals are in `rendered.findings`. */
export function renderDevice(driver: FullDriver, intent: DeviceIntent): IntendedDevice {
  const rendered = driver.render(intent);
  return {
    rendered,
    digest: sha256(canonicalJson({ config: rendered.config, scope: rendered.scope })),
    secretVersions: secretVersionsOf(intent.secrets),
  };
}

/** Computes the change from what runs to what is intended, with the secrets whose version moved since the receipt. */
export function changeOf(
  driver: FullDriver,
  running: string,
  intended: IntendedDevice,
  basis: { readonly intent: DeviceIntent; readonly receipt: Receipt | undefined },
): Change {
  return driver.change(running, intended.rendered.config, changeOptions(intended, basis));
}

/** Keyed fingerprint of what a change would type and what it would change: what plan and push compare.
 *  Commands alone would not do: a platform that replaces whole tables types the same over a hand-made rule. */
export function commandsDigest(
  change: Pick<Change, "commands" | "items">,
  context: { readonly fingerprint: Fingerprint },
): string {
  if (change.commands.length === 0) return context.fingerprint.of("");
  const items = change.items.filter((item) => item.managed);
  return context.fingerprint.of(canonicalJson({ commands: change.commands, items }));
}

/** `SCHEME:LOCATOR` to version, sorted by reference. */
export function secretVersionsOf(secrets: readonly SecretRef[]): Readonly<Record<string, string>> {
  const entries = secrets.map((ref) => [withoutVersion(ref), ref.version] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function changeOptions(
  intended: IntendedDevice,
  basis: { readonly intent: DeviceIntent; readonly receipt: Receipt | undefined },
): ChangeOptions {
  return {
    scope: intended.rendered.scope,
    rotatedSecrets: rotatedSince(intended.secretVersions, basis.receipt),
    ...wayOf({ intent: basis.intent, address: basis.receipt?.address }),
  };
}

/** Who manages a device, and from where to where its address moves.
 *  @param from - where it is before; undefined where that is not known */
export function wayOf(from: {
  readonly intent: DeviceIntent;
  readonly address?: string | undefined;
}): Pick<ChangeOptions, "management" | "move"> {
  const management = managementSource(from.intent);
  const move = moveOf(from.intent, from.address);
  return { ...(management === undefined ? {} : { management }), ...(move === undefined ? {} : { move }) };
}

/** The move to the inventory's address; undefined where the device is there, or nobody knows where it is. */
export function moveOf(intent: DeviceIntent, from: string | undefined): Move | undefined {
  const to = intent.management.address;
  return from === undefined || from === to ? undefined : { from, to };
}

/** References whose version differs from the one last pushed; none for a device without receipt, which shows all. */
function rotatedSince(
  versions: Readonly<Record<string, string>>,
  receipt: Receipt | undefined,
): readonly string[] {
  if (!receipt) return [];
  return Object.keys(versions).filter((name) => {
    const pushed = receipt.secretVersions[name];
    return pushed !== undefined && pushed !== versions[name];
  });
}

/** An address that management comes from: the last jump host, else a host of the first allowed prefix. */
function managementSource(intent: DeviceIntent): string | undefined {
  const jump = intent.management.jump.at(-1);
  if (jump) return jump.address;
  const parsed = parsePrefix(intent.management.allowedFrom[0] ?? "");
  if (!parsed) return undefined;
  return formatAddress(nthHost(parsed.prefix, 1) ?? firstOf(parsed.prefix));
}

function withoutVersion(ref: SecretRef): string {
  return formatSecretRef(ref).slice(0, -(ref.version.length + 1));
}
