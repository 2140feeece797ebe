import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { fingerprintWith } from "../src/deploy/fingerprint.ts";
import { renderDevice } from "../src/deploy/render-device.ts";
import { openFileStores } from "../src/deploy/stores/open-stores.ts";
import { driftItems } from "../src/drift/items.ts";
import type { FullDriver } from "../src/drivers/driver.ts";
import { driverFor } from "../src/drivers/registry.ts";
import { workspaceOfTexts } from "../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../src/inventory/resolve/resolve.ts";
import type { DeviceIntent } from "../src/model/intent.ts";
import { generateWorkspace } from "./inventory-generator.ts";
import { row, title } from "./report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DEVICES = 1000;
/** Every so many devices one was changed by hand. */
const CHANGED_EVERY = 20;

/** The night's comparison of a fleet against what the archive holds, without a device in the way. */
export async function benchDrift(): Promise<void> {
  title(`drift of ${DEVICES} switches from archived configurations, three ways (wall time); limit 10 s`);
  const folder = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  try {
    const fingerprint = fingerprintWith("a key of the bench, long enough");
    const { archive } = openFileStores({ folder, fingerprint, recipients: [] });
    const { sites } = resolveWorkspace(workspaceOfTexts(ROOT, generateWorkspace(ROOT, DEVICES)));
    const fleet = sites
      .flatMap((site) => site.devices)
      .map((intent) => ({ intent, driver: fullDriver(intent) }));
    const keep = async (intent: DeviceIntent, redacted: string): Promise<string> => {
      const { asset, id: device } = intent;
      const entry = {
        asset,
        device,
        why: "read",
        text: redacted,
        redacted,
        at: "2026-01-01T00:00:00Z",
      } as const;
      return (await archive.put(entry)).redacted;
    };
    const kept: { applied: string; running: string }[] = [];
    for (const [index, { intent, driver }] of fleet.entries()) {
      const applied = driver.redact(renderDevice(driver, intent).rendered.config);
      const running = index % CHANGED_EVERY === 0 ? `${applied}\nvlan 666\n name by-hand\n` : applied;
      kept.push({ applied: await keep(intent, applied), running: await keep(intent, running) });
    }
    const started = performance.now();
    let drifting = 0;
    for (const [index, { intent, driver }] of fleet.entries()) {
      const { config, scope } = renderDevice(driver, intent).rendered;
      const applied = (await archive.redacted(kept[index]?.applied ?? "")) ?? "";
      const running = (await archive.redacted(kept[index]?.running ?? "")) ?? "";
      const items = driftItems(driver, { intended: config, applied, running, scope, saved: "same" });
      if (items.length > 0) drifting += 1;
    }
    row(
      `${fleet.length} devices rendered, read back, compared`,
      performance.now() - started,
      `${drifting} drifting`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fullDriver(intent: DeviceIntent): FullDriver {
  const driver = driverFor(intent.platform);
  if (driver?.level !== "full") throw new Error(`no driver for ${intent.platform}`);
  return driver;
}
