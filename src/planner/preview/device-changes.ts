import { compareText, type Finding } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import { formatSecretRef } from "../../model/secret.ts";
import type { Change, ChangeOptions, Scope } from "../config/types.ts";
import { canonicalJson, sha256 } from "../plan/digest.ts";
import { redactChange } from "../plan/redact-change.ts";
import type { PreviewDevice, PreviewDeviceState } from "./types.ts";

/** A device's intended configuration, with placeholders for secrets. */
export interface RenderedDevice {
  readonly config: string;
  readonly scope: Scope;
  /** Refusals: what the platform cannot express. */
  readonly findings: readonly Finding[];
}

/** What of a driver a preview needs; nothing of it talks to a device. */
export interface PreviewDriver {
  render(intent: DeviceIntent): RenderedDevice;
  change(before: string, after: string, options: ChangeOptions): Change;
  redact(text: string): string;
}

/** Finds a platform's driver; undefined where none renders it. */
export type PreviewDrivers = (platform: string) => PreviewDriver | undefined;

/** Devices of a site with what the change makes of them, and the findings of rendering and ordering in the head. */
export interface DeviceChanges {
  readonly devices: readonly PreviewDevice[];
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly string[];
}

/** Compares the intended configurations of two revisions, device by device. A device is the same one by its asset id. */
export function deviceChanges(
  base: readonly DeviceIntent[],
  head: readonly DeviceIntent[],
  tools: { readonly drivers: PreviewDrivers; readonly headHas: (file: string) => boolean },
): DeviceChanges {
  const before = new Map(base.map((device) => [device.asset, device]));
  const kept = new Set(head.map((device) => device.asset));
  const results = head.map((device) => changeOfDevice(before.get(device.asset), device, tools.drivers));
  const gone = base
    .filter((device) => !kept.has(device.asset))
    .map((device) => goneDevice(device, tools.headHas));
  return {
    devices: [...results.map((result) => result.device), ...gone].sort((a, b) =>
      compareText(a.device, b.device),
    ),
    findings: results.flatMap((result) => result.findings),
    notEvaluated: results.flatMap((result) => result.notEvaluated),
  };
}

interface OneChange {
  readonly device: PreviewDevice;
  readonly findings: readonly Finding[];
  readonly notEvaluated: readonly string[];
}

function changeOfDevice(
  before: DeviceIntent | undefined,
  after: DeviceIntent,
  drivers: PreviewDrivers,
): OneChange {
  const driver = drivers(after.platform);
  if (driver === undefined) {
    const why = `${after.id}: no driver renders ${after.platform}`;
    return { device: { ...empty(after, "refused"), reason: why }, findings: [], notEvaluated: [why] };
  }
  const intended = driver.render(after);
  const facts = { lines: lineCount(intended.config), intendedDigest: digestOf(intended) };
  if (before === undefined) {
    const device = { ...empty(after, "new"), ...facts };
    const why = `${after.id} is new: its commands depend on what it runs`;
    return { device, findings: intended.findings, notEvaluated: [why] };
  }
  if (before.platform !== after.platform) {
    const device = { ...empty(after, "new"), ...facts, reason: `was ${before.platform}` };
    return { device, findings: intended.findings, notEvaluated: [`${after.id} becomes another platform`] };
  }
  const basis = driver.render(before);
  const rotated = rotatedSecrets(before, after);
  if (basis.config === intended.config && rotated.length === 0 && digestOf(basis) === facts.intendedDigest)
    return { device: { ...empty(after, "same"), ...facts }, findings: intended.findings, notEvaluated: [] };
  const jump = before.management.jump.at(-1)?.address;
  const change = driver.change(basis.config, intended.config, {
    scope: intended.scope,
    rotatedSecrets: rotated,
    ...(jump === undefined ? {} : { management: jump }),
  });
  const device: PreviewDevice = {
    ...empty(after, "change"),
    ...facts,
    // Inventories hold references only; what looks like a secret in clear all the same never reaches a comment.
    ...redactChange(change, driver),
    runningDigest: digestOf(basis),
    commandsDigest: sha256(canonicalJson(change.commands)),
  };
  // Whether access survives is proved when the running configuration is at hand; here it would be said of every change.
  const findings = change.findings.filter((finding) => finding.severity === "error");
  return { device, findings: [...intended.findings, ...findings], notEvaluated: [] };
}

/** A device that the head does not have: taken out, or written so that it cannot be read. */
function goneDevice(device: DeviceIntent, headHas: (file: string) => boolean): PreviewDevice {
  if (!headHas(device.origin.file)) return empty(device, "gone");
  return {
    ...empty(device, "refused"),
    reason: `${device.origin.file} no longer describes it, or cannot be read`,
  };
}

function empty(intent: DeviceIntent, state: PreviewDeviceState): PreviewDevice {
  return {
    device: intent.id,
    asset: intent.asset,
    platform: intent.platform,
    state,
    basis: "base",
    readAt: undefined,
    commands: [],
    rollback: [],
    steps: [],
    items: [],
    unmanaged: 0,
    saved: "unknown",
    intendedDigest: "",
    runningDigest: undefined,
    commandsDigest: undefined,
    after: [],
    lines: 0,
  };
}

function rotatedSecrets(before: DeviceIntent, after: DeviceIntent): string[] {
  const versions = new Map(before.secrets.map((ref) => [`${ref.scheme}:${ref.locator}`, ref.version]));
  return after.secrets
    .filter((ref) => (versions.get(`${ref.scheme}:${ref.locator}`) ?? ref.version) !== ref.version)
    .map((ref) => formatSecretRef(ref).slice(0, -(ref.version.length + 1)));
}

function digestOf(rendered: RenderedDevice): string {
  return sha256(canonicalJson({ config: rendered.config, scope: rendered.scope }));
}

function lineCount(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}
