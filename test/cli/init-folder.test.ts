import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const BIN = join(import.meta.dirname, "../../bin/sitewright.js");

test("init in a folder where none can be made says so and ends", () => {
  const { status, stderr } = spawnSync(process.execPath, [BIN, "init", "/proc/no-such/place"], {
    encoding: "utf8",
    timeout: 60_000,
  });
  expect(stderr).toBe(
    "error /proc/no-such/place cannot be written (ENOENT)\n  name a folder that you may write to\n",
  );
  expect(status).toBe(4);
});
