import { type LabEndpoint, writeLabBinding } from "../deploy/lab-binding.ts";
import { realSite } from "../lab/practice/real-site.ts";
import { labDown } from "../lab/real/lab-down.ts";
import { readLabState } from "../lab/real/lab-store.ts";
import { labUp } from "../lab/real/lab-up.ts";
import type { LabOptions, LabState } from "../lab/real/types.ts";
import type { Finding } from "../model/finding.ts";
import type { SecretRef } from "../model/secret.ts";
import type { Site } from "../model/site.ts";
import { ensurePracticeSecrets, labFolder } from "./practice.ts";

/** Brings a site up as real daemons in namespaces and writes where each device answers.
 *  @returns why it cannot be; empty when it is up */
export async function realLabUp(root: string, site: Site): Promise<readonly Finding[]> {
  const secrets = await ensurePracticeSecrets(root, [site]);
  const reveal = (ref: SecretRef): string | undefined =>
    ref.scheme === "env" ? (process.env[ref.locator] ?? secrets[ref.locator]) : undefined;
  const result = await labUp(realSite(site, reveal), labOptions(root));
  if (!result.ok) return result.findings;
  await writeLabBinding(root, {
    schemaVersion: 1,
    startedAt: result.state.startedAt,
    sites: { [site.id]: endpointsOf(site, result.state) },
  });
  return [];
}

/** Takes a lab of real daemons down; does nothing where none is up. */
export async function realLabDown(root: string): Promise<void> {
  if (readLabState(labOptions(root)) !== undefined) await labDown(labOptions(root));
}

/** The lab of this workspace. */
export function labOptions(root: string): LabOptions {
  return { stateDir: labFolder(root) };
}

/** The inventory's management address of each device to the socket that leads to it, whatever cable the lab gave it. */
function endpointsOf(site: Site, state: LabState): Record<string, LabEndpoint> {
  return Object.fromEntries(
    site.devices.flatMap((device): [string, LabEndpoint][] => {
      const running = state.devices.find((candidate) => candidate.name === device.name);
      if (running?.socketPath === undefined || running.hostKey === undefined) return [];
      const { socketPath: path, hostKey } = running;
      return [[device.management.address, { endpoint: { kind: "socket", path }, hostKeys: [hostKey] }]];
    }),
  );
}
