import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { newWorkspace } from "./workspace-fixture.ts";

/** Changes only with a decision record: states in the field hold this text and go on running it. */
const GOLDEN = "3eca9275a770d85d593aaad53e50e66c834bb2d3967c6f38f8dc1260a5644500";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SOURCE = join(ROOT, "src", "deploy", "shim.ts");

/** Serializes a module's shim as Pulumi does, in a plain Node process: a test runner would rewrite the functions. */
function serialized(module: string): string {
  const script = `
    const { runtime } = await import("@pulumi/pulumi");
    const provider = (await import(${JSON.stringify(module)})).shim;
    const { text } = await runtime.serializeFunction(() => provider, { allowSecrets: true });
    process.stdout.write(text);`;
  return execFileSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: ROOT,
    encoding: "utf8",
  });
}

describe("the provider that lies in Pulumi's state", () => {
  test("is the constant shim, to the byte, and captures nothing", () => {
    const text = serialized(SOURCE);
    expect(createHash("sha256").update(text).digest("hex"), text).toBe(GOLDEN);
    expect(
      text
        .match(/with\(\{[^}]*\}\)/g)
        ?.filter((scope) => !/this: undefined, arguments: undefined/.test(scope)),
    ).toEqual([]);
  });

  test("is the same text compiled as from source", () => {
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2024 };
    const compiled = join(newWorkspace(), "shim.mjs");
    writeFileSync(
      compiled,
      ts.transpileModule(readFileSync(SOURCE, "utf8"), { compilerOptions: options }).outputText,
    );
    expect(serialized(compiled)).toBe(serialized(SOURCE));
  });
});
