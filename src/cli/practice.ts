import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type LabBinding, type LabEndpoint, writeLabBinding } from "../deploy/lab-binding.ts";
import { readPracticeSecrets, writePracticeSecrets } from "../deploy/practice-secrets.ts";
import { startEmulator } from "../lab/emulator/emulator.ts";
import type { Emulator } from "../lab/emulator/types.ts";
import { emulatedSite } from "../lab/practice/emulated-site.ts";
import { type PracticeSecrets, practiceSecrets } from "../lab/practice/practice-secrets.ts";
import type { SecretRef } from "../model/secret.ts";
import type { Site } from "../model/site.ts";

/** Practice devices that run in this process, by device id. */
export interface RunningPractice {
  readonly emulators: ReadonlyMap<string, Emulator>;
  stop(): Promise<void>;
}

/** Folder of a workspace's practice lab. */
export function labFolder(root: string): string {
  return join(root, ".sitewright", "lab");
}

/** Starts an emulator for every device of these sites that one can stand for, and writes where each listens.
 *  @param minuteMs - how long a device's minute takes (default: a real one) */
export async function startPractice(
  root: string,
  sites: readonly Site[],
  options: { readonly minuteMs?: number } = {},
): Promise<RunningPractice> {
  const secrets = await ensurePracticeSecrets(root, sites);
  const reveal = (ref: SecretRef): string | undefined =>
    ref.scheme === "env" ? (process.env[ref.locator] ?? secrets[ref.locator]) : undefined;
  const emulators = new Map<string, Emulator>();
  const bound: Record<string, Record<string, LabEndpoint>> = {};
  for (const site of sites) {
    for (const { device, options: emulatorOptions } of emulatedSite(site, reveal)) {
      const stateFolder = join(labFolder(root), "devices", device.asset);
      await mkdir(stateFolder, { recursive: true });
      const emulator = await startEmulator({ ...emulatorOptions, ...options, stateFolder });
      emulators.set(device.id, emulator);
      bound[site.id] = { ...bound[site.id], [device.management.address]: endpointOf(emulator) };
    }
  }
  const binding: LabBinding = { schemaVersion: 1, startedAt: new Date().toISOString(), sites: bound };
  await writeLabBinding(root, binding);
  return {
    emulators,
    stop: async () => {
      await Promise.all([...emulators.values()].map((emulator) => emulator.stop()));
    },
  };
}

/** Makes a value for each `env:` secret of these sites that neither the environment nor an earlier lab provides. */
export async function ensurePracticeSecrets(root: string, sites: readonly Site[]): Promise<PracticeSecrets> {
  const kept = readPracticeSecrets(root);
  const made = practiceSecrets(
    sites.flatMap((site) => site.devices),
    { ...kept, ...process.env },
  );
  const all = { ...kept, ...made };
  await writePracticeSecrets(root, all);
  return all;
}

function endpointOf(emulator: Emulator): LabEndpoint {
  const endpoint =
    emulator.port === 0
      ? ({ kind: "socket", path: emulator.host } as const)
      : ({ kind: "tcp", host: emulator.host, port: emulator.port } as const);
  return { endpoint, hostKeys: [`${emulator.hostKey.type} ${emulator.hostKey.publicKey}`] };
}
