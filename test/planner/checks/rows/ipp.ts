import { at } from "../site-places.ts";
import { deviceOf, named, respell, type World } from "../world.ts";
import type { Row } from "./row.ts";

/** Gives fixed addresses in the office network to so many machines. */
function crowd(world: World, count: number): void {
  const printer = named(world.site.hosts, "printer");
  for (let at = 1; at < count; at += 1) world.site.hosts.push({ ...printer, name: `pc-${at}` });
}

/** Address plan. */
export const IPP_ROWS: readonly Row[] = [
  {
    id: "IPP-005",
    title: "somebody else's public space inside is told",
    spoil: (w) => {
      named(w.site.networks, "office").ipv4 = "8.8.8.0/24";
    },
    says: "uses public space, 8.8.8.0/24",
  },
  {
    id: "IPP-008",
    title: "a made-up MAC address is mentioned",
    spoil: (w) => {
      named(w.site.hosts, "printer").mac = "02:11:22:33:44:55";
    },
    says: "was made up by the machine",
    severity: "info",
  },
  {
    id: "IPP-009",
    title: "one host name for two devices is told",
    spoil: (w) => {
      deviceOf(w, "core-2").system.hostname = "core-1";
    },
    says: "are both called core-1",
  },
  {
    id: "IPP-010",
    title: "a network whose last fixed addresses are nearly gone is told",
    spoil: (w) => crowd(w, 150),
    says: "97 % of the addresses beside DHCP",
  },
  {
    id: "IPP-010",
    title: "a network whose fixed addresses become few is mentioned",
    spoil: (w) => crowd(w, 120),
    says: "77 % of the addresses beside DHCP",
    severity: "info",
  },
  {
    id: "IPP-011",
    title: "a LAN that is no /64 is told",
    spoil: (w) => {
      named(w.site.networks, "office").ipv6 = "2001:db8:1:10::/80";
    },
    says: "no /64",
  },
  {
    id: "IPP-011",
    title: "user ports without RA guard are mentioned",
    spoil: (w) => respell(w, "sw-1", / ipv6 nd raguard.*\n/, ""),
    says: "IPv6 router",
    severity: "info",
  },
  {
    id: "IPP-012",
    title: "two prefixes on one VLAN are mentioned",
    spoil: (w) => {
      named(w.site.networks, "office").secondary = ["10.1.11.0/24"];
    },
    says: "2 prefixes on one VLAN",
    severity: "info",
  },
  {
    id: "IPP-013",
    title: "a site whose route would take another site's network is mentioned",
    spoil: (w) => {
      const other = structuredClone(w.site);
      Object.assign(other, {
        id: "acme/branch",
        site: "branch",
        devices: [],
        hosts: [],
        links: [],
        rules: [],
        wan: [],
      });
      other.networks = [{ ...named(other.networks, "servers"), name: "branch", ipv4: "10.1.50.0/24" }];
      w.others.push(other);
    },
    says: "would take branch of acme/branch",
    severity: "info",
  },
  {
    id: "IPP-014",
    title: "a /29 between two routers is mentioned",
    spoil: (w) => {
      named(w.site.networks, "core-fw").routers.pop();
    },
    says: "joins two routers with 10.1.40.0/29",
    severity: "info",
  },
  {
    id: "IPP-015",
    title: "a next hop that is no neighbour is an error",
    spoil: (w) => {
      deviceOf(w, "core-1").routes[0] = {
        prefix: "0.0.0.0/0",
        nextHop: "10.9.9.9",
        origin: at("hq/site.yaml", 60),
      };
    },
    says: "10.9.9.9 to 0.0.0.0/0 is no neighbour",
    severity: "error",
  },
  {
    id: "IPP-016",
    title: "a router without a default route is told",
    spoil: (w) => {
      deviceOf(w, "core-1").routes = [];
    },
    says: "core-1 routes and has no default route",
  },
  {
    id: "IPP-016",
    title: "two lines of one weight are told",
    spoil: (w) => {
      named(deviceOf(w, "fw").interfaces, "eth1").priority = 1;
    },
    says: "several default routes of one weight",
  },
  {
    id: "IPP-017",
    title: "a route to the device itself is an error",
    spoil: (w) => {
      deviceOf(w, "core-1").routes.push({
        prefix: "10.9.0.0/16",
        nextHop: "10.1.40.2",
        origin: at("hq/site.yaml", 61),
      });
    },
    says: "points at core-1 itself",
    severity: "error",
  },
  {
    id: "IPP-017",
    title: "a route to an own network is told",
    spoil: (w) => {
      deviceOf(w, "core-1").routes.push({
        prefix: "10.1.30.0/25",
        nextHop: "10.1.40.1",
        origin: at("hq/site.yaml", 61),
      });
    },
    says: "a network that it has itself",
    severity: "warning",
  },
  {
    id: "IPP-018",
    title: "an address with another mask than its network is an error",
    spoil: (w) => {
      named(deviceOf(w, "srv-1").interfaces, "eth0").addresses = ["10.1.20.10/25"];
    },
    says: "10.1.20.10/25 in servers",
    severity: "error",
  },
  {
    id: "IPP-019",
    title: "a DHCP server elsewhere without a relay is an error",
    spoil: (w) => {
      const { dhcp } = named(w.site.networks, "office");
      if (dhcp) dhcp.server = "srv-1";
    },
    says: "nobody relays",
    severity: "error",
  },
];
