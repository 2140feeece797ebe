import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { inventoryFiles } from "./generate/inventory.ts";

/** Writes the inventory's types, validators and reference anew; `npm run generate` does it together with the rest. */
for (const file of await inventoryFiles()) {
  await mkdir(dirname(file.path), { recursive: true });
  await writeFile(file.path, file.content);
}
