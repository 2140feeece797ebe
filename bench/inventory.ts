import { fileURLToPath } from "node:url";
import { driverFor } from "../src/drivers/registry.ts";
import { workspaceOfTexts } from "../src/inventory/read/workspace.ts";
import { eachSite } from "../src/inventory/resolve/resolve.ts";
import { generateWorkspace } from "./inventory-generator.ts";
import { cpu, row, title } from "./report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SIZES = [100, 1_000, 10_000] as const;

/** Validates and renders generated workspaces of growing size; prints CPU time, growth and memory. */
export function benchInventory(): void {
  title("validate and render: one thread; limits: 10,000 in 60 s and 1 GB, growth at most linear x1.1");
  workspaceRun(100);
  let last: { readonly devices: number; readonly cpuMs: number } | undefined;
  for (const devices of SIZES) {
    const { cpuMs, result } = cpu(() => workspaceRun(devices));
    const growth =
      last === undefined ? "" : `x${(cpuMs / last.cpuMs / (devices / last.devices)).toFixed(2)} of linear`;
    const rss = Math.round(process.memoryUsage().rss / 1e6);
    row(
      `${devices} devices (${(result.bytes / 1e6).toFixed(1)} MB of configuration)`,
      cpuMs,
      `${growth} ${rss} MB resident`,
    );
    last = { devices, cpuMs };
  }
}

function workspaceRun(devices: number): { readonly bytes: number } {
  let bytes = 0;
  for (const { site, findings } of eachSite(workspaceOfTexts(ROOT, generateWorkspace(ROOT, devices)))) {
    const broken = findings.find((finding) => finding.severity === "error");
    if (broken || !site)
      throw new Error(`the generated workspace is wrong: ${broken?.code} ${broken?.message}`);
    for (const device of site.devices) {
      const driver = driverFor(device.platform);
      if (driver?.level === "full") bytes += driver.render(device).config.length;
    }
  }
  return { bytes };
}
