import { describe, expect, test } from "vitest";
import { workspaceOfTexts } from "../../src/inventory/read/workspace.ts";
import { eachSite, resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import { BASE } from "../errors/base-workspace.ts";
import {
  codesOf,
  deviceOf,
  FW,
  hqWith,
  portOf,
  resolveWith,
  SITE,
  SW1,
  SW2,
  workspaceWith,
} from "./spoil.ts";

describe("one fact in one place: the rest follows", () => {
  test("a trunk carries what is needed behind it and nothing else", () => {
    const site = hqWith();
    // sw-2 has office and guest ports and its management; servers live on sw-1 alone.
    expect(portOf(deviceOf(site, "sw-1"), "GigabitEthernet0/0/8").taggedVlans).toEqual([10, 90, 99]);
    expect(portOf(deviceOf(site, "sw-2"), "GigabitEthernet0/0/8").taggedVlans).toEqual([10, 90, 99]);
    expect(portOf(deviceOf(site, "sw-1"), "GigabitEthernet0/0/1").taggedVlans).toEqual([10, 20, 90, 99]);
    expect(deviceOf(site, "sw-2").vlans.map((vlan) => vlan.id)).toEqual([10, 90, 99, 998, 999]);
  });

  test("a link is written once, on either end", () => {
    const there = hqWith();
    const here = hqWith({
      [SW1]: (text) => text.replace("  GE0/0/8:\n    profile: uplink\n    to: sw-2:GE0/0/8\n", ""),
      [SW2]: (text) => `${text}  GE0/0/8:\n    profile: uplink\n    to: sw-1:GE0/0/8\n`,
    });
    const vlans = (site: typeof there, device: string): unknown => {
      const {
        origin: _origin,
        profile: _profile,
        ...port
      } = portOf(deviceOf(site, device), "GigabitEthernet0/0/8");
      return port;
    };
    expect(vlans(here, "sw-1")).toEqual(vlans(there, "sw-1"));
    expect(vlans(here, "sw-2")).toEqual(vlans(there, "sw-2"));
  });

  test("a link written on both ends in agreement is one link", () => {
    const site = hqWith({
      [SW2]: (text) => `${text}  GE0/0/8:\n    profile: uplink\n    to: sw-1:GE0/0/8\n`,
    });
    expect(site.links.filter((link) => link.a.device === "sw-1" && link.b.device === "sw-2")).toHaveLength(1);
  });

  test("with a ring each switch has what it uses or passes on, on both ways", () => {
    const third =
      BASE.get(SW2)
        ?.replace("A-SW-2", "A-SW-3")
        .replace("address: 3", "address: 4")
        .replace(
          / {2}GE0\/0\/5:[\s\S]*/,
          "  GE0/0/7:\n    profile: uplink\n    to: sw-1:GE0/0/7\n  GE0/0/8:\n    profile: uplink\n    to: sw-2:GE0/0/7\n",
        ) ?? "";
    const site = hqWith({ "inventory/acme/hq/devices/sw-3.yaml": third });
    expect(portOf(deviceOf(site, "sw-3"), "GigabitEthernet0/0/8").taggedVlans).toEqual([10, 99]);
    expect(deviceOf(site, "sw-3").vlans.map((vlan) => vlan.name)).not.toContain("guest");
  });

  test("a port that nothing uses is shut and parked; a far end is not unused", () => {
    const device = deviceOf(hqWith(), "sw-2");
    expect(portOf(device, "GigabitEthernet0/0/7")).toMatchObject({
      enabled: false,
      mode: "unused",
      accessVlan: 998,
    });
    expect(portOf(device, "GigabitEthernet0/0/8")).toMatchObject({
      enabled: true,
      mode: "trunk",
      peer: "sw-1:GE0/0/8",
    });
  });

  test("the network of a port comes from the server or host behind it", () => {
    const device = deviceOf(hqWith(), "sw-1");
    expect(portOf(device, "GigabitEthernet0/0/4")).toMatchObject({
      mode: "access",
      accessVlan: 20,
      peer: "srv-1:eth0",
    });
    expect(portOf(device, "GigabitEthernet0/0/3")).toMatchObject({
      mode: "access",
      accessVlan: 10,
      peer: "printer",
    });
  });

  test("the far members of an aggregation follow with their own number", () => {
    const lagged =
      '  GE0/0/7-8:\n    profile: uplink\n    lag:\n      id: 1\n      far: 2\n    to: ["sw-2:GE0/0/7", "sw-2:GE0/0/8"]\n';
    const site = hqWith({ [SW1]: (text) => text.replace(/ {2}GE0\/0\/8:[\s\S]*/, lagged) });
    expect(deviceOf(site, "sw-1").lags).toMatchObject([
      {
        name: "Eth-Trunk1",
        id: 1,
        members: ["GigabitEthernet0/0/7", "GigabitEthernet0/0/8"],
        taggedVlans: [10, 90, 99],
      },
    ]);
    expect(deviceOf(site, "sw-2").lags).toMatchObject([{ name: "Eth-Trunk2", id: 2, lacp: "active" }]);
    expect(portOf(deviceOf(site, "sw-2"), "GigabitEthernet0/0/7")).toMatchObject({
      mode: "lag-member",
      lag: 2,
    });
  });

  test("an aggregation that ends on two devices is refused", () => {
    const third = BASE.get(SW2)?.replace("A-SW-2", "A-SW-3").replace("address: 3", "address: 4") ?? "";
    const lagged =
      '  GE0/0/7-8:\n    profile: uplink\n    lag:\n      id: 1\n    to: ["sw-2:GE0/0/8", "sw-3:GE0/0/8"]\n';
    expect(
      codesOf(
        resolveWith({
          "inventory/acme/hq/devices/sw-3.yaml": third,
          [SW1]: (text) => text.replace(/ {2}GE0\/0\/8:[\s\S]*/, lagged),
        }),
      ),
    ).toContain("LAG-SPLIT");
  });

  test("a port forward implies its flow, and the firewall lets exactly it in", () => {
    const site = hqWith();
    expect(site.rules.find((rule) => rule.id === "nat-web")).toMatchObject({
      source: "implied",
      action: "permit",
      matches: [{ protocol: "tcp", ports: [[443, 443]] }],
    });
    expect(deviceOf(site, "fw").firewall?.rules.find((rule) => rule.id === "nat-web")).toMatchObject({
      from: "internet",
      to: "server",
      destination: ["10.1.20.10/32"],
    });
  });

  test("rules reach the firewall by the zones they cross, with their addresses", () => {
    const rule = deviceOf(hqWith(), "fw").firewall?.rules.find((one) => one.id === "R1");
    expect(rule).toMatchObject({
      from: "office",
      to: "server",
      source: ["10.1.10.0/24"],
      destination: ["10.1.20.10/32"],
      owner: "li.wei",
      ticket: "T-1",
    });
  });

  test("the firewall's zones have the legs that their VLANs arrive on", () => {
    const zones = Object.fromEntries(
      deviceOf(hqWith(), "fw").firewall?.zones.map((zone) => [zone.name, zone.interfaces]) ?? [],
    );
    expect(zones).toEqual({
      guest: ["eth1.90"],
      internet: ["eth0"],
      mgmt: ["eth1.99"],
      office: ["eth1.10"],
      server: ["eth1.20"],
    });
  });

  test("a switch that only has a management address leaves by its gateway", () => {
    expect(deviceOf(hqWith(), "sw-1").routes).toMatchObject([{ prefix: "0.0.0.0/0", nextHop: "10.1.99.1" }]);
    expect(deviceOf(hqWith(), "sw-1").gateways).toMatchObject([
      { network: "mgmt", addresses: ["10.1.99.2/24"], management: true },
    ]);
  });

  test("DHCP is served by the gateway, with the site's name servers", () => {
    expect(deviceOf(hqWith(), "fw").dhcpPools).toMatchObject([
      {
        network: "office",
        ranges: [["10.1.10.100", "10.1.10.199"]],
        gateway: "10.1.10.1",
        dns: ["10.1.20.10"],
        leaseSeconds: 28_800,
      },
    ]);
  });

  test("DHCP that a host answers is relayed to by the gateway", () => {
    const site = hqWith({
      [SITE]: (text) =>
        text.replace("      ranges: [100-199]\n", "      ranges: [100-199]\n      on: srv-1\n"),
    });
    expect(deviceOf(site, "fw").gateways.find((gateway) => gateway.network === "office")?.dhcpRelay).toEqual([
      "10.1.20.10",
    ]);
    expect(deviceOf(site, "fw").dhcpPools).toEqual([]);
  });

  test("the digits of a host count in IPv6 too", () => {
    const site = hqWith({
      [SITE]: (text) =>
        text.replace("    ipv4: 10.1.20.0/24\n", "    ipv4: 10.1.20.0/24\n    ipv6: 2001:db8:1:20::/64\n"),
    });
    expect(deviceOf(site, "srv-1").interfaces[0]?.addresses).toEqual([
      "10.1.20.10/24",
      "2001:db8:1:20::10/64",
    ]);
    expect(deviceOf(site, "fw").gateways.find((gateway) => gateway.network === "servers")?.addresses).toEqual(
      ["10.1.20.1/24", "2001:db8:1:20::1/64"],
    );
  });
});

const ROUTER =
  "vendor: Cisco\nname: R8\nkind: switch\nplatform: iosxe\nports:\n  Gi1/0/1-8:\n    name: GigabitEthernet1/0/1-8\n    speed: 1Gbps\nlag:\n  name: Port-channel#\n  first: 1\n  max: 8\nstack:\n  members: 8\nfeatures: [routing, vrrp, acl, dhcp-server]\n";

describe("redundancy and stacks", () => {
  const core = (name: string, address: number, to: string): string =>
    `asset: A-${name}\nmodel: r8\nmanagement:\n  network: mgmt\n  address: ${address}\nports:\n  Gi1/0/1:\n    profile: uplink\n    to: ${to}\n`;
  const shared = {
    "inventory/models/r8.yaml": ROUTER,
    "inventory/acme/hq/devices/core-1.yaml": core("C1", 11, "sw-1:GE0/0/5"),
    "inventory/acme/hq/devices/core-2.yaml": core("C2", 12, "sw-1:GE0/0/6"),
    [SITE]: (text: string) =>
      text.replace(
        "      address: 1\n      on: fw\n    dhcp",
        "      address: 1\n      group: 10\n      on:\n        core-1:\n          address: 2\n          priority: 120\n        core-2:\n          address: 3\n    dhcp",
      ),
  };

  test("routers that share a gateway have their own addresses and one virtual one", () => {
    const site = hqWith(shared);
    const office = (name: string): unknown =>
      deviceOf(site, name).gateways.find((gateway) => gateway.network === "office");
    expect(office("core-1")).toMatchObject({
      addresses: ["10.1.10.2/24"],
      vrrp: { group: 10, address: "10.1.10.1", priority: 120, preempt: true },
    });
    expect(office("core-2")).toMatchObject({ addresses: ["10.1.10.3/24"], vrrp: { priority: 100 } });
    expect(site.networks.find((network) => network.name === "office")).toMatchObject({
      gateway: "10.1.10.1",
      routers: [{ device: "core-1" }, { device: "core-2" }],
    });
    expect(deviceOf(site, "core-1").dhcpPools).toHaveLength(1);
    expect(deviceOf(site, "core-2").dhcpPools).toHaveLength(0);
  });

  test("a router that filters lets its operators in and its clients get addresses", () => {
    const filter = deviceOf(hqWith(shared), "core-1").filters.find((one) => one.name === "office-in");
    expect(filter?.default).toBe("deny");
    expect(filter?.entries.map((entry) => entry.id)).toEqual(["dhcp", "R1"]);
    expect(filter?.entries[0]).toMatchObject({ source: ["0.0.0.0/32", "10.1.10.0/24"] });
  });

  test("two routers with one address, one priority, or the shared address as their own are told", () => {
    const spoilt = (from: string, to: string): string[] =>
      codesOf(resolveWith({ ...shared, [SITE]: (text) => shared[SITE]?.(text).replace(from, to) ?? "" }));
    expect(spoilt("          address: 3\n", "          address: 2\n")).toContain("IPP-007");
    expect(spoilt("          address: 3\n", "          address: 3\n          priority: 120\n")).toContain(
      "RED-004",
    );
    expect(spoilt("          address: 3\n", "          address: 1\n")).toContain("RED-004");
    expect(spoilt("      group: 10\n", "")).toContain("IPP-002");
  });

  test("a stack is one device: each member has the model's ports with its number", () => {
    const stack = `${core("C1", 11, "sw-1:GE0/0/5").replace("ports:", 'members:\n  "1":\n    asset: A-C1-1\n    serial: S1\n    priority: 15\n  "2":\n    asset: A-C1-2\n    serial: S2\nports:')}  Gi2/0/1:\n    profile: uplink\n    to: sw-1:GE0/0/6\n`;
    const device = deviceOf(
      hqWith({ "inventory/models/r8.yaml": ROUTER, "inventory/acme/hq/devices/core-1.yaml": stack }),
      "core-1",
    );
    expect(device.ports).toHaveLength(16);
    expect(portOf(device, "GigabitEthernet2/0/1")).toMatchObject({ mode: "trunk", peer: "sw-1:GE0/0/6" });
    expect(device.members).toEqual([
      { name: "1", asset: "A-C1-1", serial: "S1", priority: 15 },
      { name: "2", asset: "A-C1-2", serial: "S2" },
    ]);
  });
});

describe("between sites and clients", () => {
  const branch = "inventory/acme/branch/site.yaml";

  test("a name of a sister site is found, one of another client is not", () => {
    const found = hqWith({
      "inventory/acme/rules.yaml": "X1:\n  from: branch/office\n  to: hq/srv-1\n  service: https\n",
    });
    expect(found.rules.find((rule) => rule.id === "X1")?.from).toMatchObject([
      { site: "acme/branch", prefixes: ["10.2.10.0/24"], zones: ["office"] },
    ]);
    const other = {
      "inventory/other/client.yaml": "name: Other\n",
      "inventory/other/hq/site.yaml":
        "name: O\ntimezone: Asia/Shanghai\nhosts:\n  secret-box:\n    address: 198.51.100.9\n",
    };
    expect(
      codesOf(
        resolveWith({
          ...other,
          "inventory/acme/hq/rules.yaml": "R1:\n  from: office\n  to: secret-box\n  service: https\n",
        }),
      ),
    ).toContain("REF-NAME");
    expect(
      codesOf(
        resolveWith({
          ...other,
          "inventory/acme/hq/rules.yaml":
            "R1:\n  from: office\n  to: other/hq/secret-box\n  service: https\n",
        }),
      ),
    ).toContain("REF-CLIENT");
  });

  test("a rule between sites that nothing joins is told, for no device would let it through", () => {
    const rule = {
      "inventory/acme/rules.yaml": "X1:\n  from: branch/office\n  to: hq/srv-1\n  service: https\n",
    };
    expect(new Set(codesOf(resolveWith(rule)))).toEqual(new Set(["RUL-NO-WAY"]));
    const joined = {
      ...rule,
      "inventory/acme/vpns.yaml":
        "v1:\n  ends:\n    hq: isp\n    branch: line\n  networks:\n    hq: servers\n    branch: office\n  psk: env:PSK@3\n",
      [branch]: (text: string) =>
        `${text}wan:\n  line:\n    on: fw-b:eth0\n    zone: internet\n    ipv4: 203.0.113.10/30\n    gateway: 203.0.113.9\n`,
      "inventory/acme/branch/devices/fw-b.yaml":
        "asset: A-FB\nmodel: fw-4\nmanagement:\n  network: office\n  address: 2\nports:\n  eth1:\n    mode: access\n    network: office\n",
    };
    expect(codesOf(resolveWith(joined))).toEqual([]);
    expect(deviceOf(hqWith(joined), "fw").firewall?.rules.find((one) => one.id === "X1")).toMatchObject({
      from: "internet",
      to: "server",
      source: ["10.2.10.0/24"],
    });
  });

  test("a prefix that two sites use on purpose says so on both", () => {
    const twice = (text: string): string => text.replace("10.2.10.0/24", "10.1.10.0/24");
    expect(codesOf(resolveWith({ [branch]: twice }))).toEqual(["IPP-001", "IPP-001"]);
    const declared = {
      [branch]: (text: string) => `${twice(text)}    reuse: true\n`,
      [SITE]: (text: string) =>
        text.replace("    ipv4: 10.1.10.0/24\n", "    ipv4: 10.1.10.0/24\n    reuse: true\n"),
    };
    expect(codesOf(resolveWith(declared))).toEqual([]);
  });

  test("the same prefix in two VRFs is no overlap", () => {
    expect(
      codesOf(
        resolveWith({ [branch]: (text) => `${text.replace("10.2.10.0/24", "10.1.10.0/24")}    vrf: lab\n` }),
      ),
    ).toEqual([]);
  });

  test("a VPN is modelled on both of its ends", () => {
    const vpn =
      "v1:\n  ends:\n    hq: isp\n    branch: line\n  networks:\n    hq: [office, servers]\n    branch: office\n  psk: env:PSK@3\n";
    const { sites, findings } = resolveWith({
      "inventory/acme/vpns.yaml": vpn,
      [branch]: (text) =>
        `${text}wan:\n  line:\n    on: fw-b:eth0\n    zone: internet\n    ipv4: 203.0.113.10/30\n    gateway: 203.0.113.9\n`,
      "inventory/acme/branch/devices/fw-b.yaml":
        "asset: A-FB\nmodel: fw-4\nmanagement:\n  network: office\n  address: 2\nports:\n  eth1:\n    mode: access\n    network: office\n",
    });
    expect(findings).toEqual([]);
    expect(sites.map((site) => site.vpns[0])).toMatchObject([
      {
        peerSite: "acme/hq",
        localAddress: "203.0.113.10",
        remoteAddress: "203.0.113.2",
        remotePrefixes: ["10.1.10.0/24", "10.1.20.0/24"],
      },
      {
        peerSite: "acme/branch",
        localPrefixes: ["10.1.10.0/24", "10.1.20.0/24"],
        psk: { locator: "PSK", version: "3" },
      },
    ]);
    const fw = sites.flatMap((site) => site.devices).find((device) => device.id === "acme/hq/fw");
    expect(fw?.vpns).toHaveLength(1);
    expect(fw?.secrets).toContainEqual({ scheme: "env", locator: "PSK", version: "3" });
  });
});

describe("what makes it dependable", () => {
  test("the same texts give the same site and the same findings, in whatever order they came", () => {
    const forwards = resolveWorkspace(workspaceWith());
    const backwards = resolveWorkspace(workspaceOfTexts("/", new Map([...BASE].reverse())));
    expect(JSON.stringify(backwards)).toBe(JSON.stringify(forwards));
  });

  test("site after site gives what all at once gives", () => {
    const all = resolveWorkspace(workspaceWith()).sites;
    expect([...eachSite(workspaceWith())].map((one) => one.site)).toEqual(all);
  });

  test("a finding about one device leaves the others as they were", () => {
    const before = hqWith();
    const after = hqWith({ [SW2]: (text) => text.replace("switch-8", "switch-9") });
    expect(deviceOf(after, "srv-1")).toEqual(deviceOf(before, "srv-1"));
    expect(after.devices.map((device) => device.name)).toEqual(["fw", "srv-1", "sw-1"]);
  });

  test("spare and retired devices are not configured", () => {
    const site = hqWith({
      [SW2]: (text) => `state: spare\n${text}`,
      [SW1]: (text) => text.replace(/ {2}GE0\/0\/8:[\s\S]*/, ""),
    });
    expect(site.devices.map((device) => device.name)).toEqual(["fw", "srv-1", "sw-1"]);
  });

  test("the lab binding, the gate and the ownership reach the site and its devices", () => {
    const site = hqWith({ [SITE]: (text) => `binding: lab\ngate: none\nownership: full\n${text}` });
    expect(site).toMatchObject({ binding: "lab", gate: "none", ownership: "full" });
    expect(deviceOf(site, "sw-1")).toMatchObject({ gate: "none", ownership: "full" });
  });

  test("no secret stands in a resolved site, only references", () => {
    const { findings } = resolveWith({
      "inventory/provider.yaml": (text) => text.replace("env:SSH_KEY@1", "hunter2-canary"),
    });
    expect(JSON.stringify(findings)).not.toContain("hunter2-canary");
    expect(findings.map((finding) => finding.code)).toEqual(["CRD-004"]);
  });

  test("the login that pushes the change stays allowed on a server", () => {
    expect(deviceOf(hqWith(), "srv-1").server?.sshd.allowUsers).toContain("netops");
  });

  test("the firewall's own port in another device's file is found", () => {
    expect(codesOf(resolveWith({ [FW]: (text) => text.replace("eth1:", "eth9:") }))).toContain(
      "PORT-UNKNOWN",
    );
  });
});

describe("a pair of boxes with one configuration", () => {
  const pair =
    "asset: A-FW-1\nmodel: fw-4\nmembers:\n  a:\n    asset: A-FW-1A\n    serial: A1\n    management:\n      network: mgmt\n      address: 21\n  b:\n    asset: A-FW-1B\n    management:\n      network: mgmt\n      address: 22\nha:\n  mode: active-passive\n  heartbeat: [eth2, eth3]\nports:\n  eth1:\n    profile: uplink\n    to: sw-1:GE0/0/1\n";

  test("is reached at its first member, and each box keeps its own address", () => {
    const device = deviceOf(hqWith({ [FW]: pair }), "fw");
    expect(device.management.address).toBe("10.1.99.21");
    expect(device.members).toMatchObject([
      { name: "a", asset: "A-FW-1A", serial: "A1", address: "10.1.99.21" },
      { name: "b", asset: "A-FW-1B", address: "10.1.99.22" },
    ]);
  });

  test("has addresses that nobody else may have", () => {
    expect(codesOf(resolveWith({ [FW]: pair.replace("address: 22", "address: 2") }))).toEqual(["IPP-007"]);
  });
});

test("the log host of a site does not send its logs to itself", () => {
  const site = hqWith({ [SITE]: (text) => `syslog: [srv-1]\nntp: [srv-1]\n${text}` });
  expect(deviceOf(site, "srv-1").system).toMatchObject({ syslog: [], ntp: [], dns: ["10.1.20.10"] });
  expect(deviceOf(site, "sw-1").system).toMatchObject({ syslog: ["10.1.20.10"], ntp: ["10.1.20.10"] });
});
