import { describe, expect, test } from "vitest";
import { buildSitePlan, type PlanParts } from "../../../src/planner/plan/build-plan.ts";
import { offlineDigest, planDigest } from "../../../src/planner/plan/digest.ts";
import type { DevicePlan } from "../../../src/planner/plan/types.ts";

const device = (change: Partial<DevicePlan> = {}, ...path: readonly string[]): DevicePlan => ({
  device: "acme/hq/sw-1",
  asset: "A-1",
  platform: "iosxe",
  state: "change",
  basis: "live",
  readAt: "2026-03-07T15:00:00Z",
  commands: ["interface Gi1/0/7", "description Printer"],
  rollback: [],
  steps: [],
  items: [
    {
      path: path.length > 0 ? path : ["interface Gi1/0/7", "description"],
      kind: "changed",
      before: "a",
      after: "b",
      managed: true,
    },
  ],
  unmanaged: 0,
  saved: "same",
  intendedDigest: "sha256:i",
  runningDigest: "hmac-sha256:r",
  commandsDigest: "hmac-sha256:c",
  after: [],
  ...change,
});
const FLOW = { from: "guest", to: "server", flow: "tcp", witness: "tcp a -> b" };

const plan = (change: Partial<PlanParts> = {}) =>
  buildSitePlan({
    site: "acme/hq",
    keyId: "k",
    criticality: "medium",
    devices: [device()],
    actions: [],
    flows: { opened: [], closed: [] },
    findings: [],
    secretVersions: {},
    ...change,
  });

describe("the class of a change", () => {
  test.each<[string, Partial<PlanParts>]>([
    ["a port's description", {}],
    ["nothing to send, wherever", { criticality: "critical", devices: [device({ commands: [] })] }],
    [
      "the VLAN of an access port",
      { devices: [device({}, "interface Gi1/0/7", "switchport access vlan 30")] },
    ],
    [
      "the VLAN of an access port of VRP",
      { devices: [device({}, "interface GE0/0/7", "port default vlan 30")] },
    ],
    ["the tag of a port of Open vSwitch", { devices: [device({}, "port eth5", "tag")] }],
    ["a port that goes up", { devices: [device({}, "interface Gi1/0/7", "no shutdown")] }],
    ["a first push of a port's description", { devices: [device({ state: "unadopted" })] }],
  ])("is normal for %s", (_title, parts) => {
    expect(plan(parts).changeClass).toBe("normal");
  });

  test.each<[string, Partial<PlanParts>]>([
    ["a flow that opens", { flows: { opened: [FLOW], closed: [] } }],
    ["a flow that closes", { flows: { opened: [], closed: [FLOW] } }],
    ["a packet filter", { devices: [device({}, "ip access-list extended OFFICE", "10")] }],
    ["a chain of nftables", { devices: [device({}, "table inet sitewright", "chain forward")] }],
    ["the way of the managers", { devices: [device({}, "line vty 0 15", "access-class")] }],
    ["a trunk", { devices: [device({}, "interface Gi1/0/7", "switchport trunk allowed vlan 10,20")] }],
    ["a port that goes down", { devices: [device({}, "interface Gi1/0/7", "shutdown")] }],
    ["the filter of a port", { devices: [device({}, "interface Gi1/0/7", "ip access-group OFFICE in")] }],
    ["the label of a gateway", { devices: [device({}, "interface Vlan10", "description")] }],
    [
      "a label beside something else",
      { devices: [device(), device({ device: "acme/hq/sw-2" }, "ntp server")] },
    ],
    ["a file of a server", { devices: [device({}, "file /etc/cron.d/job", "line")] }],
    ["commands of which no item tells", { devices: [device({ items: [] })] }],
    ["a VLAN", { devices: [device({}, "vlan 30", "name")] }],
    ["a static route", { devices: [device({}, "ip route 0.0.0.0 0.0.0.0 10.0.0.1")] }],
    ["a static route of VRP", { devices: [device({}, "ip route-static 0.0.0.0 0 10.0.0.1")] }],
    ["a routing process", { devices: [device({}, "router ospf 1", "network")] }],
    ["anything at a site of high criticality", { criticality: "high" }],
    ["anything at a site of which nobody said how critical it is", { criticality: undefined }],
  ])("is special for %s", (_title, parts) => {
    expect(plan(parts).changeClass).toBe("special");
  });

  test("is part of the digest: a plan made to look smaller is another plan", () => {
    const special = plan({ criticality: "high" });
    expect(planDigest({ ...special, changeClass: "normal" })).not.toBe(special.digest);
    expect(planDigest(special)).toBe(special.digest);
  });
});

describe("the checks that keep a change", () => {
  const checked = plan({ devices: [device({ checks: ["isp: ping 203.0.113.1 within 30 s"] })] });

  test.each<[string, Partial<DevicePlan>]>([
    ["without its check", {}],
    ["with a check that waits longer", { checks: ["isp: ping 203.0.113.1 within 60 s"] }],
  ])("are part of the digest: a plan %s is another plan", (_title, other) => {
    expect(plan({ devices: [device(other)] }).digest).not.toBe(checked.digest);
  });
});

describe("the digest of a plan made offline", () => {
  const live = plan();
  const offline = (change: Partial<DevicePlan> = {}) =>
    plan({
      devices: [device({ basis: "archive", saved: "unknown", readAt: "2026-03-01T00:00:00Z", ...change })],
    });

  test("is that of the live one where all else is the same", () => {
    expect(offlineDigest(live)).toBe(offline().digest);
    expect(live.digest).not.toBe(offline().digest);
  });

  test.each<[string, Partial<DevicePlan>]>([
    ["runs something else", { runningDigest: "hmac-sha256:other" }],
    ["is intended otherwise", { intendedDigest: "sha256:other" }],
    ["would be told something else", { commandsDigest: "hmac-sha256:other" }],
    ["has another state", { state: "unadopted" }],
    ["waits for another", { after: ["acme/hq/sw-2"] }],
  ])("differs where the device %s", (_title, change) => {
    expect(offlineDigest(live)).not.toBe(offline(change).digest);
  });
});
