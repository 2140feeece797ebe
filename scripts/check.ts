import { $ } from "zx";

/** Everything that is checked without running the product: format and lint, types, boundaries, dead code,
 *  generated files. CI runs exactly this. Exits 1 after all of them, naming each that failed. */
const CHECKS = [
  { name: "format and lint", command: ["biome", "ci", "--colors=off", "--error-on-warnings", "."] },
  { name: "types", command: ["tsc", "--noEmit", "-p", "tsconfig.json"] },
  { name: "boundaries", command: ["depcruise", "--config", ".dependency-cruiser.cjs", "src"] },
  { name: "dead code", command: ["knip", "--no-progress"] },
  { name: "generated files", command: ["node", "scripts/generate.ts", "--check"] },
] as const;

$.nothrow = true;
$.quiet = true;

let failed = 0;
for (const check of CHECKS) {
  const result = await $`${check.command}`;
  process.stdout.write(`${result.exitCode === 0 ? "ok    " : "FAILED"} ${check.name}\n`);
  if (result.exitCode === 0) continue;
  failed += 1;
  process.stdout.write(`${result.stdout}${result.stderr}\n`);
}
process.exit(failed === 0 ? 0 : 1);
