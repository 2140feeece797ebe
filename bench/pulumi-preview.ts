import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { siteInputs } from "../src/deploy/declare.ts";
import { DeviceConfig, type DeviceInputs } from "../src/deploy/device-config.ts";
import { ensureEngine } from "../src/deploy/engine/ensure.ts";
import type { Engine } from "../src/deploy/engine/locate.ts";
import { openStack } from "../src/deploy/stack.ts";
import { driverFor } from "../src/drivers/registry.ts";
import { workspaceOfTexts } from "../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../src/inventory/resolve/resolve.ts";
import { generateWorkspace } from "./inventory-generator.ts";
import { row, title } from "./report.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DEVICES = 200;
const RUNS = 3;

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
  const empty = await preview(engine, "empty", () => inputs.map((entry) => new EmptyConfig(entry)));
  const ours = await preview(engine, "ours", () => inputs.map((entry) => new DeviceConfig(entry)));
  row(`empty provider, ${inputs.length} resources`, empty, "");
  row(`DeviceConfig, ${inputs.length} resources`, ours, `x${(ours / empty).toFixed(2)} of empty`);
}

async function preview(engine: Engine, name: string, declare: () => unknown): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  try {
    const stack = await openStack(root, `bench/${name}`, engine, {
      settings: { runFile: join(root, "run.jsonl"), operator: "bench", plan: undefined, graceSeconds: 60 },
      program: async () => void declare(),
    });
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      const { changeSummary } = await stack.preview({ parallel: 64 });
      times.push(performance.now() - started);
      if (changeSummary.create !== DEVICES + 1)
        throw new Error(`previewed ${changeSummary.create} resources`);
    }
    return Math.min(...times);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
