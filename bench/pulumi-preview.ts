import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { siteInputs } from "../src/deploy/declare.ts";
import { DeviceConfig, type DeviceInputs } from "../src/deploy/device-config.ts";
import { ensureEngine } from "../src/deploy/engine/ensure.ts";
import type { Engine } from "../src/deploy/engine/locate.ts";
import type { Stack } from "../src/deploy/pulumi.ts";
import { openStack } from "../src/deploy/stack.ts";
import { driverFor } from "../src/drivers/registry.ts";
import { workspaceOfTexts } from "../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../src/inventory/resolve/resolve.ts";
import { generateWorkspace } from "./inventory-generator.ts";
import { row, title } from "./report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DEVICES = 200;
const RUNS = 5;

/** A provider that does nothing: what the engine itself and a plugin cost. */
const EMPTY: pulumi.dynamic.ResourceProvider = {
  create: async (inputs: unknown) => ({ id: "empty", outs: inputs }),
};

class EmptyConfig extends pulumi.dynamic.Resource {
  constructor(inputs: DeviceInputs) {
    super(EMPTY, inputs.asset, { ...inputs }, {});
  }
}

/** Previews 200 devices through our shim and host, and the same 200 resources through an empty provider. */
export async function benchPulumiPreview(): Promise<void> {
  title(
    `pulumi preview of ${DEVICES} devices (wall time, best of ${RUNS}); limit: 1.3 times an empty provider`,
  );
  const engine = await ensureEngine((message) => console.error(message));
  const { sites } = resolveWorkspace(workspaceOfTexts(ROOT, generateWorkspace(ROOT, DEVICES)));
  const inputs = siteInputs(
    sites.flatMap((site) => site.devices),
    driverFor,
  );
  const root = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  try {
    const empty = await openBench(root, "empty", engine, () => inputs.map((entry) => new EmptyConfig(entry)));
    const ours = await openBench(root, "ours", engine, () => inputs.map((entry) => new DeviceConfig(entry)));
    const times = { empty: [] as number[], ours: [] as number[] };
    // In turns, so that whatever else the machine does falls on both.
    for (let run = 0; run < RUNS; run += 1) {
      times.empty.push(await preview(empty));
      times.ours.push(await preview(ours));
    }
    const best = { empty: Math.min(...times.empty), ours: Math.min(...times.ours) };
    row(`empty provider, ${inputs.length} resources`, best.empty, "");
    row(
      `DeviceConfig, ${inputs.length} resources`,
      best.ours,
      `x${(best.ours / best.empty).toFixed(2)} of empty`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function openBench(root: string, name: string, engine: Engine, declare: () => unknown): Promise<Stack> {
  const folder = join(root, name);
  mkdirSync(folder);
  return openStack(folder, `bench/${name}`, engine, {
    settings: { runFile: join(folder, "run.jsonl"), operator: "bench", plan: undefined, graceSeconds: 60 },
    program: async () => void declare(),
  });
}

/** Milliseconds of one preview. */
async function preview(stack: Stack): Promise<number> {
  const started = performance.now();
  const { changeSummary } = await stack.preview({ parallel: 64 });
  if (changeSummary.create !== DEVICES + 1) throw new Error(`previewed ${changeSummary.create} resources`);
  return performance.now() - started;
}
