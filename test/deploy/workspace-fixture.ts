import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { type LabEndpoint, writeLabBinding } from "../../src/deploy/lab-binding.ts";
import type { DeploySite } from "../../src/deploy/types.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** An empty workspace that goes when the test file is done. */
export function newWorkspace(): string {
  const root = mkdtempSync(join(tmpdir(), "sitewright-ws-"));
  folders.push(root);
  return root;
}

/** Binds management addresses of a site to where its practice devices listen. */
export async function bindLab(
  root: string,
  site: string,
  endpoints: Readonly<Record<string, LabEndpoint>>,
): Promise<void> {
  await writeLabBinding(root, {
    schemaVersion: 1,
    startedAt: new Date().toISOString(),
    sites: { [site]: endpoints },
  });
}

/** Puts a secret file into a workspace, for `file:NAME@1`. */
export function putSecret(root: string, name: string, text: string): void {
  writeFileSync(join(root, name), `${text}\n`, { mode: 0o600 });
}

/** A site of these devices that nobody has to approve. */
export function siteOf(devices: readonly DeviceIntent[], change: Partial<DeploySite> = {}): DeploySite {
  const [first] = devices;
  return {
    id: first ? `${first.client}/${first.site}` : "acme/office",
    devices,
    timezone: "Etc/UTC",
    changeWindows: [],
    freezes: [],
    binding: "lab",
    gate: "none",
    parallel: 8,
    links: [],
    ...change,
  };
}
