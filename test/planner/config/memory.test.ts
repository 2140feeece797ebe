import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { IOSXE_DIALECT } from "../../../src/drivers/iosxe/dialect.ts";
import { parseConfig } from "../../../src/planner/config/parse.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const TEXTS = 40;
const TEXT_BYTES = 1_000_000;

/** A long text, of which few lines are read: one that is new in each, and one that holds a secret. */
function longText(number: number): string {
  const lines = [
    `! ${"x".repeat(TEXT_BYTES)}`,
    "username admin secret 5 $1$abcd$0123456789abcdefghijkl",
    "interface GigabitEthernet0/1",
    ` description uplink-of-the-switch-with-number-${number}`,
    "",
  ];
  return Buffer.from(lines.join("\n")).toString();
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test("a configuration that was read and dropped is gone from memory, its secrets with it", () => {
  parseConfig(IOSXE_DIALECT, longText(0));
  const before = heapBytes();
  for (let number = 1; number <= TEXTS; number++) parseConfig(IOSXE_DIALECT, longText(number));
  expect(heapBytes() - before).toBeLessThan((TEXTS * TEXT_BYTES) / 4);
});
