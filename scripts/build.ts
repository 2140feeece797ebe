import { cp, glob, rm } from "node:fs/promises";
import { join } from "node:path";
import { $ } from "zx";

/** Compiles src/ to dist/ for the published package: Node strips no types below node_modules. */
$.stdio = "inherit";
await rm("dist", { recursive: true, force: true });
await $`tsc -p tsconfig.build.json`;
// Schemas, and the validators made of them, stand beside the code there as here.
for await (const file of glob(["**/*.json", "**/*.gen.js"], { cwd: "src" }))
  await cp(join("src", file), join("dist", file));
