import { $ } from "zx";
import { ensureForge } from "./forge/ensure-forge.ts";

/** Gets a real Gitea and its runner (built once from their Go modules) and runs the tests that want them:
 *  `npm run try-forge`. Arguments are vitest's. They are no part of `npm test`: the build takes ten CPU minutes. */
const programs = await ensureForge((message) => process.stderr.write(`forge: ${message}\n`));

$.stdio = "inherit";
$.nothrow = true;
$.env = { ...process.env, SITEWRIGHT_FORGE: JSON.stringify(programs) };
const run = await $`vitest run --config test/forge/real/vitest.config.ts ${process.argv.slice(2)}`;
process.exit(run.exitCode ?? 1);
