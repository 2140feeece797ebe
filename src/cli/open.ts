import { codeFrame } from "../inventory/code-frame.ts";
import { readWorkspace, type Workspace } from "../inventory/read/workspace.ts";
import { resolveWorkspace } from "../inventory/resolve/resolve.ts";
import { type Finding, isFileWhere } from "../model/finding.ts";
import type { DeviceIntent } from "../model/intent.ts";
import type { Site } from "../model/site.ts";
import { type Options, textOption } from "./command.ts";
import { UsageError } from "./exit.ts";
import { select } from "./select.ts";
import type { FrameOf } from "./text/findings.ts";

/** The part of a workspace that a command line chose. */
export interface Chosen {
  readonly workspace: Workspace;
  /** Sites with at least one chosen device, whole. */
  readonly sites: readonly Site[];
  /** Ids of the chosen devices. */
  readonly devices: ReadonlySet<string>;
  /** Whether every device of these sites is chosen. */
  readonly wholeSites: boolean;
  readonly findings: readonly Finding[];
  readonly frameOf: FrameOf;
}

/** Reads and resolves what the selectors name; files of other sites are not even read where the selectors are exact.
 *  @throws UsageError when a selector matches nothing */
export async function openChosen(
  root: string,
  selectors: readonly string[],
  options: Options,
): Promise<Chosen> {
  const exact = exactSites(selectors);
  const workspace = await readWorkspace(root, exact === undefined ? {} : { sites: exact });
  refuseUnknownSites(workspace, exact);
  const { sites, findings } = resolveWorkspace(workspace, exact === undefined ? {} : { sites: exact });
  const devices = sites.flatMap((site) => site.devices);
  // A site that could not be resolved has no device to select: its findings must still come out.
  const hopeless = devices.length === 0 && findings.some((finding) => finding.severity === "error");
  const chosen = hopeless ? [] : select(devices, selectors, textOption(options, "role"));
  const ids = new Set(chosen.map((device) => device.id));
  const touched = sites.filter((site) => site.devices.some((device) => ids.has(device.id)));
  return {
    workspace,
    sites: touched,
    devices: ids,
    wholeSites: touched.every((site) => site.devices.every((device) => ids.has(device.id))),
    findings,
    frameOf: (where) => (isFileWhere(where) ? codeFrame(workspace, where) : undefined),
  };
}

/** The chosen devices of a site, in its order. */
export function chosenDevices(chosen: Chosen, site: Site): DeviceIntent[] {
  return site.devices.filter((device) => chosen.devices.has(device.id));
}

/** `client/site` of every selector, or undefined where one needs the whole workspace to be understood. */
function exactSites(selectors: readonly string[]): string[] | undefined {
  const sites = selectors.map((selector) => selector.split("/").slice(0, 2));
  const vague = sites.some((parts) => parts.length < 2 || parts.some((part) => /[*?!]/.test(part)));
  if (selectors.length === 0 || vague) return undefined;
  return [...new Set(sites.map((parts) => parts.join("/")))];
}

function refuseUnknownSites(workspace: Workspace, exact: readonly string[] | undefined): void {
  const missing = exact?.find((site) => !workspace.siteIds.includes(site));
  if (missing === undefined) return;
  throw new UsageError(`there is no site ${missing}`, `known: ${workspace.siteIds.join(", ") || "none"}`);
}
