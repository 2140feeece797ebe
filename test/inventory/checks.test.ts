import { describe, expect, test } from "vitest";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { deviceOf, FW, hqWith, SITE, SW1 } from "./spoil.ts";

/** The checks of a device without their places. */
function checksOf(device: DeviceIntent): unknown[] {
  return device.checks.map(({ origin: _origin, ...check }) => check);
}

const core = "checks:\n  core:\n    ping: sw-1\n";
const ping = { name: "core", kind: "ping", address: "10.1.99.2", withinSeconds: 30 };

describe("checks: whom a device must reach before its change is kept", () => {
  test("a check of the site is each device's and server's, names become addresses", () => {
    const site = hqWith({ [SITE]: (text) => `${text}${core}` });
    for (const device of site.devices) expect(checksOf(device)).toEqual([ping]);
    expect(deviceOf(site, "fw").checks[0]?.origin).toMatchObject({ file: SITE, column: 3 });
  });

  test("a device adds its own and takes the site's away", () => {
    const site = hqWith({
      [SITE]: (text) => `${text}${core}`,
      [FW]: (text) =>
        `${text}checks:\n  core: null\n  erp: {tcp: srv-1, port: 443, within: 2m}\n  isp: {ping: 203.0.113.1}\n`,
      [SW1]: (text) => `${text}checks:\n  core: {within: 5s}\n`,
    });
    expect(checksOf(deviceOf(site, "fw"))).toEqual([
      { name: "erp", kind: "tcp", address: "10.1.20.10", port: 443, withinSeconds: 120 },
      { name: "isp", kind: "ping", address: "203.0.113.1", withinSeconds: 30 },
    ]);
    expect(checksOf(deviceOf(site, "sw-1"))).toEqual([{ ...ping, withinSeconds: 5 }]);
    expect(checksOf(deviceOf(site, "sw-2"))).toEqual([ping]);
  });
});
