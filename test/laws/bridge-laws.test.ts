import fc from "fast-check";
import { expect, test } from "vitest";
import { ROUTEROS_DIALECT } from "../../src/drivers/routeros/dialect.ts";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { RouterosDevice } from "./model/routeros.ts";

const RUNS = process.env.SITEWRIGHT_SEED === "random" ? 2000 : 300;

/** A bridge with its ports and VLANs, and the VLAN that the router is managed in. */
const bridge = fc.record({
  filters: fc.boolean(),
  note: fc.boolean(),
  ports: fc.subarray([1, 2, 3]),
  pvid: fc.constantFrom(1, 10, 20),
  vlans: fc.subarray([10, 20, 99]),
  managed: fc.constantFrom(undefined, 20, 99),
});
type Bridge = typeof bridge extends fc.Arbitrary<infer T> ? T : never;

function exportOf({ filters, note, ports, pvid, vlans, managed }: Bridge): string {
  return [
    "/interface bridge",
    `add${note ? ' comment="office"' : ""} name=bridge1${filters ? " vlan-filtering=yes" : ""}`,
    "/interface vlan",
    ...(managed === undefined ? [] : [`add interface=bridge1 name=mgmt vlan-id=${managed}`]),
    "/interface bridge port",
    ...ports.map((port) => `add bridge=bridge1 interface=ether${port}${pvid === 1 ? "" : ` pvid=${pvid}`}`),
    "/interface bridge vlan",
    ...vlans.map((vlan) => `add bridge=bridge1 tagged=bridge1,ether9 vlan-ids=${vlan}`),
    "/ip address",
    `add address=10.0.0.2/24 interface=${managed === undefined ? "bridge1" : "mgmt"}`,
    "",
  ].join("\n");
}

const FRAMED = ["/interface bridge port", "/interface bridge vlan", "/interface vlan", "/ip address"];

test("RouterOS: a bridge that begins or stops to filter never filters while its ports, VLANs or addresses change", () => {
  fc.assert(
    fc.property(bridge, bridge, (one, two) => {
      fc.pre(one.filters !== two.filters);
      const device = RouterosDevice.load(exportOf(one));
      const target = RouterosDevice.load(exportOf(two));
      const change = diffConfigs(ROUTEROS_DIALECT, exportOf(one), exportOf(two), FULL_CHANGE);
      for (const line of change.commands) {
        const before = FRAMED.map((menu) => device.entries(menu).map((entry) => [...entry]));
        const filtered = isFiltering(device);
        device.type(line);
        const after = FRAMED.map((menu) => device.entries(menu).map((entry) => [...entry]));
        if (filtered) expect(after).toEqual(before);
      }
      expect(device.show()).toBe(target.show());
    }),
    { numRuns: RUNS },
  );
});

function isFiltering(device: RouterosDevice): boolean {
  return device.entries("/interface bridge").some((entry) => entry.get("vlan-filtering") === "yes");
}
