import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CommandContext } from "../../src/cli/command.ts";
import { run } from "../../src/cli/commands/archive.ts";
import { createPrinter } from "../../src/cli/print.ts";
import { makeIdentity } from "../../src/deploy/age.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import { driverFor } from "../../src/drivers/registry.ts";
import { newWorkspace } from "../deploy/workspace-fixture.ts";

const DEVICE = "acme/hq/core-1";
const OLD = "hostname core-1\nvlan 10\n name OFFICE\nenable secret 9 $9$old\n";
const NEW = "hostname core-1\nvlan 10\n name STAFF\nenable secret 9 $9$old\n";
const SCHEMA = new Ajv2020({ strict: false }).compile(
  JSON.parse(readFileSync(new URL("../../docs/schemas/archive.json", import.meta.url), "utf8")) as object,
);

let root: string;
let identity: string;

/** Two versions of a switch that was pushed once, and one of a device that left the inventory. */
beforeAll(async () => {
  root = newWorkspace();
  const keys = await makeIdentity();
  identity = join(root, "key.txt");
  writeFileSync(identity, `# made by age-keygen\n${keys.identity}\n`);
  const { stores } = openContext({
    root,
    drivers: driverFor,
    isLab: () => false,
    environment: { SITEWRIGHT_AGE_RECIPIENTS: keys.recipient },
  });
  const iosxe = driverFor("iosxe");
  if (iosxe === undefined) throw new Error("iosxe is a platform");
  for (const [at, text] of [
    ["2026-03-01T01:00:00.000Z", OLD],
    ["2026-03-02T01:00:00.000Z", NEW],
  ] as const) {
    const redacted = iosxe.redact(text);
    await stores.archive.put({ asset: "AC-1", device: DEVICE, why: "read", text, redacted, at });
  }
  await stores.archive.put({
    asset: "AC-9",
    device: "acme/old/sw-9",
    why: "read",
    text: "x",
    redacted: "x",
    at: "2026-01-01T00:00:00.000Z",
  });
  await stores.receipts.append({
    schemaVersion: 1,
    id: "one",
    asset: "AC-1",
    device: DEVICE,
    site: "acme/hq",
    platform: "iosxe",
    at: "2026-03-01T01:00:00.000Z",
    operator: "li.wei",
    plan: undefined,
    intendedDigest: "sha256:00",
    snapshot: "hmac-sha256:00",
    archived: "sha256:00",
    commands: 3,
    hostname: "core-1",
    address: "10.1.99.12",
    secretVersions: {},
  });
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function archive(args: readonly string[], options: Readonly<Record<string, unknown>> = {}) {
  const printer = createPrinter({ json: true, quiet: true, color: false });
  const context: CommandContext = {
    root,
    printer,
    json: true,
    verbose: false,
    lang: "en",
    interactive: false,
    yes: false,
    signal: new AbortController().signal,
  };
  const outcome = await run(context, args, options);
  const result = JSON.parse(JSON.stringify(outcome.result)) as Record<string, unknown>;
  SCHEMA(result);
  expect(SCHEMA.errors ?? []).toEqual([]);
  return { ...outcome, result };
}

describe("sitewright archive", () => {
  test("lists every device that was ever read, also one that left the inventory", async () => {
    const { result } = await archive(["list"]);
    expect(result.devices).toMatchObject([
      { device: DEVICE, versions: [{ at: "2026-03-01T01:00:00.000Z" }, { restorable: true }] },
      { device: "acme/old/sw-9" },
    ]);
    const { result: last } = await archive(["list", "acme/hq"], { last: true });
    expect(last.devices).toMatchObject([{ versions: [{ at: "2026-03-02T01:00:00.000Z" }] }]);
  });

  test("shows a version by its time or the beginning of its digest, without secrets", async () => {
    const { result } = await archive(["show", DEVICE], { at: "2026-03-01T23:00:00Z" });
    expect(result.text).toContain("name OFFICE");
    expect(result.text).not.toContain("$9$old");
    const digest = (result.version as { digest: string }).digest.slice(
      "sha256:".length,
      "sha256:".length + 12,
    );
    expect((await archive(["show", DEVICE], { at: digest })).result).toEqual(result);
  });

  test("compares two versions by what they mean", async () => {
    const { result, reasons } = await archive(["diff", DEVICE], { exitCode: true });
    expect(result.items).toMatchObject([{ kind: "changed", before: "name OFFICE", after: "name STAFF" }]);
    expect(reasons).toEqual([{ code: 2, reason: "difference" }]);
  });

  test("gives the full text back to who holds the identity, into a new file of its owner only", async () => {
    const out = join(root, "core-1.txt");
    await archive(["restore", DEVICE], { at: "2026-03-01T23:00:00Z", identity, out });
    expect(readFileSync(out, "utf8")).toBe(OLD);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    await expect(archive(["restore", DEVICE], { identity, out })).rejects.toThrow(/exists/);
  });

  test.each([
    ["an unknown action", ["burn"], {}, /does not know "burn"/],
    ["two devices at once", ["show", "acme"], {}, /wants one device/],
    ["a device that nobody read", ["show", "acme/hq/none"], {}, /no device matches/],
    ["a digest that is none", ["show", DEVICE], { at: "beef" }, /no version is called "beef"/],
    ["a time before the first", ["show", DEVICE], { at: "2020-01-01" }, /nothing was archived until/],
    ["nothing older to compare with", ["diff", "acme/old/sw-9"], {}, /nothing older/],
    ["a restore without a file", ["restore", DEVICE], {}, /wants a file/],
    ["a restore without an identity", ["restore", DEVICE], { out: "/dev/null/x" }, /no age identity/],
  ] as const)("says what to type: %s", async (_title, args, options, message) => {
    await expect(archive([...args], options)).rejects.toThrow(message);
  });
});
