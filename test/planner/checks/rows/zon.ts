import { deviceOf, named, respell } from "../world.ts";
import type { Row } from "./row.ts";
import { cellOf, ruleOf } from "./rules-of.ts";

/** Zones. */
export const ZON_ROWS: readonly Row[] = [
  {
    id: "ZON-001",
    title: "networks of two zones that share addresses are an error",
    spoil: (w) => {
      named(w.site.networks, "guest").ipv4 = "10.1.10.128/25";
    },
    says: "guest (guest) lies in office (office)",
    severity: "error",
  },
  {
    id: "ZON-001",
    title: "a network in a reserved zone is an error",
    spoil: (w) => {
      named(w.site.networks, "guest").zone = "internet";
    },
    says: "is put into internet",
    severity: "error",
  },
  {
    id: "ZON-001",
    title: "a zone without a network is mentioned",
    spoil: (w) => {
      w.site.networks = w.site.networks.filter((network) => network.name !== "guest");
    },
    says: "no network is in the zone guest",
    severity: "info",
    at: "policies/zones.yaml",
  },
  {
    id: "ZON-002",
    title: "a network without a zone is an error",
    spoil: (w) => {
      const guest = named(w.site.networks, "guest") as { zone?: string; ipv4?: string };
      delete guest.zone;
      delete guest.ipv4;
    },
    says: "guest (VLAN 90) is in no zone",
    severity: "error",
  },
  {
    id: "ZON-002",
    title: "a VLAN in two zones is an error",
    spoil: (w) => {
      named(w.site.networks, "guest").vlan = 10;
    },
    says: "VLAN 10 is in two zones",
    severity: "error",
  },
  {
    id: "ZON-002",
    title: "a line in an inside zone is told",
    spoil: (w) => {
      named(w.site.wan, "isp-a").zone = "office";
    },
    says: "isp-a is in office",
    severity: "warning",
  },
  {
    id: "ZON-003",
    title: "an important network beside a line without a firewall is an error",
    spoil: (w) => {
      deviceOf(w, "fw").firewall = undefined;
    },
    says: "routes for servers (servers), without a firewall",
    severity: "error",
  },
  {
    id: "ZON-004",
    title: "a matrix that allows by default is an error",
    spoil: (w) => {
      w.site.policy.matrix.default.access = "allow-all";
    },
    says: "default is allow-all",
    severity: "error",
  },
  {
    id: "ZON-004",
    title: "zones that are free inside are told",
    spoil: (w) => {
      w.site.policy.matrix.intrazone.access = "allow-all";
    },
    says: "networks of one zone talk freely",
    severity: "warning",
  },
  {
    id: "ZON-007",
    title: "a host of another importance in a subnet is an error",
    spoil: (w) => {
      named(w.site.hosts, "printer").zone = "servers";
    },
    says: "printer (servers) shares the subnet office",
    severity: "error",
  },
  {
    id: "ZON-007",
    title: "an important server among office machines is an error",
    spoil: (w) => {
      deviceOf(w, "srv-1").management.network = "office";
    },
    says: "srv-1 is high and shares the subnet office",
    severity: "error",
  },
  {
    id: "ZON-008",
    title: "guests who enter by a switch without a filter are an error",
    spoil: (w) => {
      const fw = deviceOf(w, "fw");
      const guest = fw.gateways.find((gateway) => gateway.network === "guest");
      fw.gateways = fw.gateways.filter((gateway) => gateway !== guest);
      if (guest) deviceOf(w, "core-1").gateways.push(guest);
    },
    says: "guest enters by core-1",
    severity: "error",
  },
  {
    id: "ZON-009",
    title: "a rule without the inspection that its cell asks for is told",
    spoil: (w) => {
      ruleOf(w).inspection = ["av"];
    },
    says: "from office to servers without ips",
    at: "rules.yaml",
  },
  {
    id: "ZON-010",
    title: "a border without anti-spoofing is told",
    spoil: (w) => respell(w, "fw", /sysctl.*\n/, ""),
    says: "forged source",
  },
  {
    id: "ZON-012",
    title: "a cell that lets the outside into servers is told",
    spoil: (w) => {
      cellOf(w, "office", "servers").from = "internet";
    },
    says: "lets the outside into trust 70",
    severity: "warning",
  },
  {
    id: "ZON-012",
    title: "a cell that lets the outside into servers whole is an error",
    spoil: (w) => {
      Object.assign(cellOf(w, "office", "servers"), { from: "internet", access: "allow-all" });
    },
    says: "lets the outside into trust 70",
    severity: "error",
  },
  {
    id: "ZON-012",
    title: "a cell that lets others into management is an error",
    spoil: (w) => {
      cellOf(w, "*", "mgmt").access = "allow-all";
    },
    says: "lets others into management",
    severity: "error",
  },
  {
    id: "ZON-012",
    title: "a cell that allows everything uphill is an error",
    spoil: (w) => {
      Object.assign(cellOf(w, "guest", "internet"), { from: "guest", to: "office", access: "allow-all" });
    },
    says: "allows everything",
    severity: "error",
  },
  {
    id: "ZON-012",
    title: "an uphill rule without log and inspection is told",
    spoil: (w) => {
      Object.assign(ruleOf(w), { log: false, inspection: [] });
    },
    says: "goes up from office to servers without a log, inspection",
    severity: "warning",
  },
];
