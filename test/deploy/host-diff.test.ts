import { describe, expect, test } from "vitest";
import type { DeviceInputs, DeviceOutputs } from "../../src/deploy/device-config.ts";
import { check, diff } from "../../src/deploy/host.ts";

const inputs: DeviceInputs = {
  schemaVersion: 1,
  device: "acme/hq/sw-1",
  asset: "AC-SW-1",
  site: "acme/hq",
  platform: "iosxe",
  address: "10.1.99.11",
  model: "c9200l",
  serial: "A1",
  intendedDigest: "sha256:aa",
  secretVersions: { "env:OPS": "1" },
  commandsDigest: "hmac-sha256:aa",
};
const outputs: DeviceOutputs = {
  ...inputs,
  receipt: "sw01",
  running: "hmac-sha256:bb",
  drift: false,
  drifted: [],
};

describe("what makes Pulumi push a device again", () => {
  test("nothing, where a plain preview has no plan at hand", async () => {
    expect(await diff("AC-SW-1", outputs, { ...inputs, commandsDigest: "" })).toEqual({ changes: false });
  });

  test.each([
    ["a rename", { device: "acme/hq/sw-1a" }],
    ["a new management address", { address: "10.1.99.21" }],
    ["new hardware", { model: "c9300", serial: "B2" }],
    ["another configuration", { intendedDigest: "sha256:bb" }],
    ["a rotated secret", { secretVersions: { "env:OPS": "2" } }],
    ["commands that a plan gave", { commandsDigest: "hmac-sha256:cc" }],
    ["the very commands of the last push, which somebody undid again", {}],
  ])("%s is an update, never a replacement", async (_title, change) => {
    expect(await diff("AC-SW-1", outputs, { ...inputs, ...change })).toEqual({ changes: true });
  });

  test("drift that a refresh found", async () => {
    expect(await diff("AC-SW-1", { ...outputs, drift: true }, { ...inputs, commandsDigest: "" })).toEqual({
      changes: true,
    });
  });

  test("inputs that lack what every release needs are refused by name", async () => {
    const { failures } = await check({}, { ...inputs, site: "" });
    expect(failures).toEqual([{ property: "site", reason: "site is missing" }]);
  });
});
