import type { Workspace } from "../../src/inventory/read/workspace.ts";
import { workspaceOfTexts } from "../../src/inventory/read/workspace.ts";
import type { Resolution } from "../../src/inventory/resolve/resolve.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import type { DeviceIntent, PortIntent } from "../../src/model/intent.ts";
import type { Site } from "../../src/model/site.ts";
import { BASE } from "../errors/base-workspace.ts";

/** A change of the small sound workspace: a file's text, or a function of it. */
export type Changes = Readonly<Record<string, string | ((text: string) => string)>>;

export const SITE = "inventory/acme/hq/site.yaml";
export const SW1 = "inventory/acme/hq/devices/sw-1.yaml";
export const SW2 = "inventory/acme/hq/devices/sw-2.yaml";
export const FW = "inventory/acme/hq/devices/fw.yaml";

/** The small sound workspace with some files changed or added. */
export function workspaceWith(changes: Changes = {}): Workspace {
  const texts = new Map(BASE);
  for (const [path, change] of Object.entries(changes)) {
    texts.set(path, typeof change === "string" ? change : change(texts.get(path) ?? ""));
  }
  return workspaceOfTexts("/", texts);
}

/** Resolves the changed workspace. */
export function resolveWith(changes: Changes = {}): Resolution {
  return resolveWorkspace(workspaceWith(changes));
}

/** The head office of the changed workspace. */
export function hqWith(changes: Changes = {}): Site {
  const site = resolveWith(changes).sites.find((one) => one.id === "acme/hq");
  if (!site) throw new Error("acme/hq was not resolved");
  return site;
}

/** A device of a site. */
export function deviceOf(site: Site, name: string): DeviceIntent {
  const device = site.devices.find((one) => one.name === name);
  if (!device) throw new Error(`${site.id} has no ${name}`);
  return device;
}

/** A port of a device by its full name. */
export function portOf(device: DeviceIntent, name: string): PortIntent {
  const port = device.ports.find((one) => one.name === name);
  if (!port) throw new Error(`${device.name} has no ${name}`);
  return port;
}

/** Codes of findings, errors and warnings alike. */
export function codesOf(resolution: Resolution): string[] {
  return resolution.findings.map((finding) => finding.code);
}
