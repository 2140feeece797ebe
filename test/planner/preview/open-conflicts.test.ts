import { describe, expect, it } from "vitest";
import type { Host, Link, Network, Site } from "../../../src/model/site.ts";
import { openConflicts } from "../../../src/planner/preview/open-conflicts.ts";

const origin = { file: "inventory/acme/hq/site.yaml", line: 1, column: 1 };
const at = (line: number): typeof origin => ({ ...origin, line });

/** A site that holds nothing but what is named. */
function site(parts: Partial<Pick<Site, "networks" | "hosts" | "links" | "devices" | "nat">> = {}): Site {
  const empty = { networks: [], hosts: [], links: [], devices: [], nat: { outbound: [], forwards: [] } };
  return { id: "acme/hq", ...empty, ...parts } as unknown as Site;
}

const host = (name: string, parts: Partial<Host>): Host => ({ name, kind: "host", origin: at(7), ...parts });
const network = (name: string, parts: Partial<Network>): Network =>
  ({
    name,
    purpose: "data",
    secondary: [],
    routers: [],
    pools: [],
    reuse: false,
    origin: at(3),
    ...parts,
  }) as Network;
const cable = (a: string, b: string): Link => {
  const end = (text: string): Link["a"] => {
    const [device = "", port = ""] = text.split(":");
    return { device, port };
  };
  return { a: end(a), b: end(b), vlans: [], origin };
};
const device = (name: string, asset: string): Site["devices"][number] =>
  ({ name, asset, ports: [], origin }) as unknown as Site["devices"][number];
const forward = (name: string, port: number): Site["nat"]["forwards"][number] =>
  ({ name, wan: "isp", protocol: "tcp", port, origin }) as Site["nat"]["forwards"][number];

function told(ours: Site, theirs: Site, base: Site | undefined = site()): string[] {
  return openConflicts(base, ours, [{ request: 12, site: theirs }]).map(({ message }) => message);
}

describe("two requests take the same thing of a site", () => {
  it.each([
    [
      "an address",
      site({ hosts: [host("printer", { address: "10.1.2.9" })] }),
      site({ hosts: [host("camera", { address: "10.1.2.9" })] }),
      "address 10.1.2.9 is for printer here, in request 12 for camera",
    ],
    [
      "an IPv6 address",
      site({ hosts: [host("printer", { address6: "2001:db8::9" })] }),
      site({ hosts: [host("camera", { address6: "2001:db8::9" })] }),
      "address 2001:db8::9 is for printer here, in request 12 for camera",
    ],
    [
      "the address of a router and that of a host",
      site({ networks: [network("lab", { routers: [{ device: "core-1", address: "10.1.2.1" }] })] }),
      site({ hosts: [host("camera", { address: "10.1.2.1" })] }),
      "address 10.1.2.1 is for core-1 here, in request 12 for camera",
    ],
    [
      "a VLAN id",
      site({ networks: [network("lab", { vlan: 77 })] }),
      site({ networks: [network("guests", { vlan: 77 })] }),
      "VLAN 77 is for lab here, in request 12 for guests",
    ],
    [
      "prefixes that overlap",
      site({ networks: [network("lab", { ipv4: "10.1.2.0/24" })] }),
      site({ networks: [network("guests", { secondary: ["10.1.0.0/16"] })] }),
      "prefix 10.1.2.0/24 is for lab here, in request 12 as 10.1.0.0/16 for guests",
    ],
    [
      "a switch port, by a cable and by a host",
      site({ links: [cable("sw-1:GE0/0/7", "ap-1:eth0")] }),
      site({ hosts: [host("camera", { port: "sw-1:GE0/0/7" })] }),
      "port sw-1:GE0/0/7 is for ap-1:eth0 here, in request 12 for camera",
    ],
    [
      "a port of the outside",
      site({ nat: { outbound: [], forwards: [forward("web", 443)] } }),
      site({ nat: { outbound: [], forwards: [forward("mail", 443)] } }),
      "forward isp tcp/443 is for web here, in request 12 for mail",
    ],
    [
      "an asset",
      site({ devices: [device("sw-1", "A-100")] }),
      site({ devices: [device("sw-2", "A-100")] }),
      "asset A-100 is for sw-1 here, in request 12 for sw-2",
    ],
  ])("%s", (_, ours, theirs, message) => {
    expect(told(ours, theirs)).toEqual([message]);
    expect(told(theirs, ours)).toHaveLength(1);
  });

  it("the warning stands on our line, says whom to ask, and never stops a merge by itself", () => {
    const ours = site({ hosts: [host("printer", { address: "10.1.2.9" })] });
    const theirs = site({ hosts: [host("x".repeat(200), { address: "10.1.2.9" })] });
    const [finding] = openConflicts(undefined, ours, [{ request: 12, site: theirs }]);
    expect(finding).toMatchObject({ code: "PRV-OPEN-REQUEST", severity: "warning", where: at(7) });
    expect(finding?.hint).toContain("request 12");
    expect(finding?.message.length).toBeLessThanOrEqual(100);
  });
});

describe("no conflict is", () => {
  const printer = site({ hosts: [host("printer", { address: "10.1.2.9" })] });

  it("what both have from the base, also where the base was wrong already", () => {
    const both = site({
      hosts: [host("printer", { address: "10.1.2.9" }), host("camera", { address: "10.1.2.9" })],
    });
    expect(told(both, both, both)).toEqual([]);
  });

  it("the same thing for the same owner: one change in two branches", () => {
    expect(told(printer, printer)).toEqual([]);
  });

  it("an address that we leave alone and they move", () => {
    const moved = site({ hosts: [host("printer", { address: "10.1.2.10" })] });
    expect(told(printer, moved, printer)).toEqual([]);
  });

  it("prefixes of a network that says it is used twice on purpose", () => {
    const mine = network("lab", { ipv4: "192.168.0.0/24", reuse: true });
    const theirs = network("guests", { ipv4: "192.168.0.0/24", reuse: true });
    expect(told(site({ networks: [mine] }), site({ networks: [theirs] }))).toEqual([]);
  });
});
