import { benchArchive } from "./archive.ts";
import { benchChecks } from "./checks.ts";
import { benchCommands } from "./commands.ts";
import { benchDrift } from "./drift.ts";
import { benchEngine } from "./engine.ts";
import { runFlowsBench } from "./flows.ts";
import { benchInventory } from "./inventory.ts";
import { benchPreview } from "./preview.ts";
import { benchPulumiPreview } from "./pulumi-preview.ts";
import { benchReport } from "./report-html.ts";
import { benchSweep } from "./sweep.ts";
import { benchUnknown } from "./unknown.ts";

/** `npm run bench [name…]`: the hot paths as ratios and growth. Never a test: a figure is read by a person. */
const BENCHES: Readonly<Record<string, () => void | Promise<void>>> = {
  commands: benchCommands,
  inventory: benchInventory,
  sweep: benchSweep,
  pulumi: benchPulumiPreview,
  flows: runFlowsBench,
  checks: benchChecks,
  unknown: benchUnknown,
  engine: benchEngine,
  preview: benchPreview,
  drift: benchDrift,
  report: benchReport,
  archive: benchArchive,
};

const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (Object.hasOwn(BENCHES, name)) continue;
  console.error(`unknown bench "${name}"; known: ${Object.keys(BENCHES).join(", ")}`);
  process.exit(4);
}
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length === 0 || wanted.includes(name)) await bench();
}
