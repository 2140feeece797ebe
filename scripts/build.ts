import { readdirSync } from "node:fs";
import { cp, glob, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join, resolve } from "node:path";
import Handlebars from "handlebars";
import { type Plugin, rolldown } from "rolldown";
import { $ } from "zx";
import { COMPILE_OPTIONS, readTemplates } from "../src/drivers/template-library.ts";

/** Builds dist/ for the published package: Node strips no types below node_modules, and seven hundred small files take
 *  longer to find than to run. What other processes start by name stays a file of its own. */
const ENTRIES = ["cli/main", "engine", "own-checks", "deploy/host", "deploy/program", "lab/real/agent-main"];

/** Packages that every command needs at its start go into the bundle; all others are loaded when they are used. */
const BUNDLED = [
  "ajv",
  "commander",
  "fast-deep-equal",
  "fastest-levenshtein",
  "handlebars",
  "ip-address",
  "netmask",
  "picocolors",
  "yaml",
];

/** What Pulumi writes into the state byte for byte: no bundler may touch it. */
const SHIM = "deploy/shim";

const shimAsItStands: Plugin = {
  name: "shim-as-it-stands",
  resolveId: (id) => (id.endsWith("/shim.ts") ? { id: resolve(`dist/${SHIM}.js`), external: true } : null),
};

/** Puts compiled templates in the place of the module that reads and compiles them. */
const compiledTemplates: Plugin = {
  name: "compiled-templates",
  load: (id) =>
    id.endsWith("/src/drivers/template-library.ts") ? { code: compiledLibrary(), moduleType: "js" } : null,
};

function compiledLibrary(): string {
  const platforms = readdirSync("templates").map((platform) => {
    const templates = [...readTemplates(platform)].map(
      ([name, source]) => `${JSON.stringify(name)}: ${Handlebars.precompile(source, COMPILE_OPTIONS)}`,
    );
    return `${JSON.stringify(platform)}: {${templates.join(",\n")}}`;
  });
  return `import Handlebars from "handlebars/runtime.js";
const PLATFORMS = {${platforms.join(",\n")}};
export function templatesOf(platform, each) {
  const handlebars = Handlebars.create();
  for (const helper of Object.keys(handlebars.helpers)) handlebars.unregisterHelper(helper);
  handlebars.registerHelper("each", each);
  const templates = new Map();
  for (const [name, compiled] of Object.entries(PLATFORMS[platform])) {
    const template = handlebars.template(compiled);
    handlebars.registerPartial(name, template);
    templates.set(name, template);
  }
  return templates;
}`;
}

$.stdio = "inherit";
await rm("dist", { recursive: true, force: true });
await $`tsc -p tsconfig.build.json`;
const { dependencies } = JSON.parse(await readFile("package.json", "utf8")) as {
  dependencies: Readonly<Record<string, string>>;
};
const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));
const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((entry) => [entry, `src/${entry}.ts`])),
  platform: "node",
  plugins: [shimAsItStands, compiledTemplates],
  external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
});
await bundle.write({ dir: "dist", format: "esm", chunkFileNames: "chunks/[name]-[hash].js" });
await bundle.close();
await writeFile(`dist/${SHIM}.js`, stripTypeScriptTypes(await readFile(`src/${SHIM}.ts`, "utf8")));
// JSON Schemas stand beside the code there as here.
for await (const file of glob("**/*.json", { cwd: "src" })) await cp(join("src", file), join("dist", file));
