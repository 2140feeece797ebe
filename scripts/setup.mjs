// Sets a fresh clone up and runs one job: `node scripts/setup.mjs demo|test|check|bench|try-forge [args…]`.
// Plain JavaScript without dependencies, for any Node from 20 on: the job itself runs on the Node 24 that npm brings.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const stamp = join(root, "node_modules", ".sitewright-setup");
const node = join(bin, process.platform === "win32" ? "node.cmd" : "node");

const JOBS = {
  demo: ["bin/sitewright.js", "demo"],
  test: ["scripts/test.ts"],
  check: ["scripts/check.ts"],
  bench: ["bench/run.ts"],
  "try-forge": ["scripts/try-forge.ts"],
};

const [job = "", ...rest] = process.argv.slice(2);
const entry = Object.hasOwn(JOBS, job) ? JOBS[job] : undefined;
if (!entry) {
  process.stderr.write(`setup: unknown job "${job}"; known: ${Object.keys(JOBS).join(", ")}\n`);
  process.exit(4);
}
install();
process.exit(run(node, [...entry, ...rest]));

/** Installs what package-lock.json names, once for each of its versions. */
function install() {
  const want = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === want && existsSync(node)) return;
  process.stderr.write("setup: installing packages (once)\n");
  // Not `npm ci`: registries that mirror only some platforms leave the others out of the lock file, which `npm ci`
  // refuses. The lock's versions count all the same, and --no-save leaves the lock as it is.
  // Install scripts stay off but for the package `node`, which fetches its binary as an npm package.
  npm(["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  npm(["rebuild", "node", "--loglevel=error"]);
  writeFileSync(stamp, want);
}

function npm(args) {
  const command = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  const code = run(command[0], [...command.slice(1), ...args], "ignore");
  if (code === 0) return;
  process.stderr.write(`setup: npm ${args[0]} failed (${code}); is the npm registry reachable?\n`);
  process.exit(code);
}

function run(command, args, stdout = "inherit") {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
  const result = spawnSync(command, args, { cwd: root, stdio: ["inherit", stdout, "inherit"], env });
  if (result.error) throw result.error;
  return result.status ?? 130;
}
