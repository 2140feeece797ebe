import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { inventoryFiles } from "../../scripts/generate/inventory.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

test("types, validators and reference are those of the schemas", async () => {
  const before = process.cwd();
  process.chdir(ROOT);
  try {
    for (const file of await inventoryFiles())
      expect(readFileSync(file.path, "utf8") === file.content, `${file.path}: type npm run generate`).toBe(
        true,
      );
  } finally {
    process.chdir(before);
  }
});

test("each key of the schemas is described", async () => {
  const files = await inventoryFiles();
  const docs = files.find((file) => file.path === "docs/inventory.md")?.content ?? "";
  const bare = docs
    .split("\n")
    .filter((line) => /^\| `[^`]+` \| [^|]*\|\s*\|$/.test(line) && !line.includes("](#"));
  expect(bare).toEqual([]);
});
