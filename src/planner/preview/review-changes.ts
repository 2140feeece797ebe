import { compareText } from "../../model/finding.ts";
import type { DeviceIntent, JumpHost, ManagementIntent, UserIntent } from "../../model/intent.ts";
import { formatSecretRef, type SecretRef } from "../../model/secret.ts";
import type { Site } from "../../model/site.ts";
import type { ReviewChange } from "./types.ts";

type Kind = ReviewChange["kind"];

/** Finds what a change does to the way devices are reached, to who may enter, and to the gate before a push. A device
 *  is the same one by its asset id, so that a rename hides no new address. */
export function reviewChanges(base: Site, head: Site): ReviewChange[] {
  const before = new Map(base.devices.map((device) => [device.asset, device]));
  return [
    ...siteChanges(base, head),
    ...head.devices.flatMap((device) => deviceChanges(before.get(device.asset), device)),
  ];
}

function siteChanges(base: Site, head: Site): ReviewChange[] {
  const parts: readonly (readonly [Kind, string, string])[] = [
    ["binding", base.binding, head.binding],
    ["gate", base.gate, head.gate],
    ["ownership", base.ownership, head.ownership],
    ["window", windowsText(base), windowsText(head)],
  ];
  return parts.flatMap(([kind, before, after]) => changeOf(kind, head.id, before, after, head.origin));
}

function windowsText(site: Site): string {
  const windows = site.changeWindows.map(
    ({ name, days, from, to }) => `${name} ${days.join(",")} ${from}-${to}`,
  );
  const freezes = site.freezes.map(({ name, from, to }) => `frozen ${name} ${from} to ${to}`);
  return [...windows, ...freezes, site.timezone].join("; ");
}

function deviceChanges(base: DeviceIntent | undefined, head: DeviceIntent): ReviewChange[] {
  const parts = reachOf(head).map(([kind, after]) => {
    const before = base === undefined ? "" : (reachOf(base).find(([known]) => known === kind)?.[1] ?? "");
    return [kind, before, after] as const;
  });
  return parts.flatMap(([kind, before, after]) => changeOf(kind, head.id, before, after, head.origin));
}

/** Each way in as text; a new kind of it belongs here. */
function reachOf(device: DeviceIntent): readonly (readonly [Kind, string])[] {
  const { management } = device;
  const address = [management.address, management.address6].filter((text) => text !== undefined).join(" ");
  return [
    ["address", `${address} port ${management.port}`],
    ["login", loginText(management)],
    ["host-keys", management.hostKeys.join(", ")],
    ["jump-hosts", management.jump.map(jumpText).join(" then ")],
    ["gate", device.gate],
    ["ownership", device.ownership],
    ["accounts", device.system.users.map(userText).sort(compareText).join("; ")],
  ];
}

function loginText(management: ManagementIntent): string {
  const { user, password, key, enable, agent, readOnly, legacyAlgorithms, allowedFrom } = management;
  return [
    `user ${user}`,
    refText("password", password),
    refText("key", key),
    refText("enable", enable),
    agent ? "agent" : "",
    readOnly
      ? `read-only ${readOnly.user} ${refText("password", readOnly.password)} ${refText("key", readOnly.key)}`
      : "",
    legacyAlgorithms ? "legacy algorithms" : "",
    allowedFrom.length > 0 ? `from ${allowedFrom.join(" ")}` : "",
  ]
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .join(", ");
}

function jumpText(jump: JumpHost): string {
  const refs = [refText("password", jump.password), refText("key", jump.key), jump.hostKeys.join(" ")];
  return [`${jump.user}@${jump.address}:${jump.port}`, ...refs].filter((text) => text !== "").join(" ");
}

function userText(user: UserIntent): string {
  return [user.name, user.role, refText("password", user.password), ...user.keys]
    .filter((text) => text !== "")
    .join(" ");
}

function refText(what: string, ref: SecretRef | undefined): string {
  return ref === undefined ? "" : `${what} ${formatSecretRef(ref)}`;
}

function changeOf(
  kind: Kind,
  subject: string,
  before: string,
  after: string,
  where: Site["origin"],
): ReviewChange[] {
  if (before === after) return [];
  return [{ kind, subject, text: `${before || "none"} → ${after || "none"}`, where }];
}
