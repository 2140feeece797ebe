import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { INVENTORY_CODES } from "../../src/inventory/finding-codes.ts";

const FOLDER = fileURLToPath(new URL("../../src/inventory", import.meta.url));

test("every code that the inventory reports can be explained, and no other", () => {
  const used = new Set<string>();
  for (const path of readdirSync(FOLDER, { recursive: true, encoding: "utf8" })) {
    if (
      !path.endsWith(".ts") ||
      path.includes("finding-codes") ||
      path.includes("new-workspace") ||
      path.startsWith("schema")
    )
      continue;
    for (const [, code] of readFileSync(join(FOLDER, path), "utf8").matchAll(
      /"([A-Z0-9]{2,5}-(?:\d{3}|[A-Z]+(?:-[A-Z]+)*))"/g,
    )) {
      if (code && !/^(UTF|BASE|RFC)-/.test(code)) used.add(code);
    }
  }
  expect([...INVENTORY_CODES.keys()].filter((code) => !used.has(code))).toEqual([]);
  expect([...used].filter((code) => !INVENTORY_CODES.has(code)).sort()).toEqual([]);
});
