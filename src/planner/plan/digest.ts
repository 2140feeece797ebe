import { createHash } from "node:crypto";
import type { ChangeClass, DevicePlan, ServerAction } from "./types.ts";

/** Spells a JSON value with sorted keys and without blanks, so that equal values give equal bytes.
 *  Keys that are undefined are left out, as in JSON. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(",")}}`;
}

/** Hashes text that holds no secret. @returns `sha256:` and 64 hex digits */
export function sha256(text: string): string {
  return `sha256:${createHash("sha256").update(text, "utf8").digest("hex")}`;
}

/** What the digest of a plan is made over. */
export interface DigestInput {
  readonly site: string;
  readonly keyId: string;
  readonly changeClass: ChangeClass;
  readonly devices: readonly DevicePlan[];
  readonly actions: readonly ServerAction[];
  readonly secretVersions: Readonly<Record<string, string>>;
}

/** Digests all that a plan will push: intended configurations, the running ones that it was made from, commands,
 *  order, checks, moves, server actions, versions of secrets and the class of the change. The time of reading is left out: the same input, the same digest.
 *  An unreachable device counts by name only, for nothing is pushed to it. */
export function planDigest(input: DigestInput): string {
  const devices = input.devices.map((plan) =>
    plan.state === "unreachable"
      ? { device: plan.device, asset: plan.asset, state: plan.state }
      : {
          device: plan.device,
          asset: plan.asset,
          platform: plan.platform,
          state: plan.state,
          basis: plan.basis,
          commands: plan.commands,
          commandsDigest: plan.commandsDigest,
          intendedDigest: plan.intendedDigest,
          runningDigest: plan.runningDigest,
          after: plan.after,
          checks: plan.checks,
          moves: plan.moves,
        },
  );
  return sha256(
    canonicalJson({
      schemaVersion: 1,
      site: input.site,
      keyId: input.keyId,
      changeClass: input.changeClass,
      devices,
      actions: input.actions,
      secretVersions: input.secretVersions,
    }),
  );
}

/** The digest that a plan would have if it had been made from the archive: where the devices run what the archive last
 *  saw, this is the digest of the plan that `plan --offline` made, and an approval of that one holds for this one. */
export function offlineDigest(input: DigestInput): string {
  const devices = input.devices.map((plan): DevicePlan => ({ ...plan, basis: "archive" }));
  return planDigest({ ...input, devices });
}
