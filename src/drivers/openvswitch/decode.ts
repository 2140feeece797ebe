import type { ConfigNode } from "../../planner/config/types.ts";
import { makeNode } from "../linux-common/canonical.ts";
import { type OvsRow, readTable } from "./ovsdb.ts";

/** What a reading of a switch shows, as the tools print it. */
export interface SwitchTables {
  readonly bridges: string;
  readonly ports: string;
  readonly interfaces: string;
  readonly mirrors: string;
  /** `ip -j link show`. */
  readonly links: string;
}

/** Blocks of bridges, ports and mirrors. */
export function decodeSwitch(tables: SwitchTables): ConfigNode[] {
  const bridges = readTable(tables.bridges);
  const ports = byId(readTable(tables.ports));
  const interfaces = byId(readTable(tables.interfaces));
  const up = linkStates(tables.links);
  return [
    ...bridges.map(bridgeNode),
    ...bridges.flatMap((bridge) =>
      bridge.list("ports").flatMap((id) => {
        const port = ports.get(id);
        return port === undefined ? [] : [portNode(port, bridge, interfaces, up)];
      }),
    ),
    ...readTable(tables.mirrors).map((mirror) => mirrorNode(mirror, ports)),
  ];
}

function byId(rows: readonly OvsRow[]): ReadonlyMap<string, OvsRow> {
  return new Map(rows.map((row) => [row.text("_uuid") ?? "", row]));
}

function bridgeNode(bridge: OvsRow): ConfigNode {
  const priority = bridge.map("other_config").get("rstp-priority");
  const failMode = bridge.text("fail_mode");
  const datapath = bridge.text("datapath_type");
  return makeNode(`bridge ${bridge.text("name")}`, [
    `rstp ${bridge.text("rstp_enable") === "true" ? "yes" : "no"}`,
    ...(bridge.text("stp_enable") === "true" ? ["stp yes"] : []),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
    ...(failMode === undefined ? [] : [`fail_mode ${failMode}`]),
    ...(datapath === undefined ? [] : [`datapath ${datapath}`]),
  ]);
}

function portNode(
  port: OvsRow,
  bridge: OvsRow,
  interfaces: ReadonlyMap<string, OvsRow>,
  up: ReadonlyMap<string, boolean>,
): ConfigNode {
  const name = port.text("name") ?? "";
  const members = port
    .list("interfaces")
    .flatMap((id) => interfaces.get(id)?.text("name") ?? [])
    .sort();
  const one = (column: string) => {
    const value = port.text(column);
    return value === undefined ? [] : [`${column} ${value}`];
  };
  const trunks = [...port.list("trunks")].sort((a, b) => Number(a) - Number(b));
  const description = port.map("external_ids").get("description");
  const edge = port.map("other_config").get("rstp-port-admin-edge") === "true";
  const first = members.length === 1 ? interfaces.get(port.list("interfaces")[0] ?? "") : undefined;
  const mtu = first?.text("mtu_request");
  const isUp = members.every((member) => up.get(member) ?? false);
  return makeNode(`${name === bridge.text("name") ? "local" : "port"} ${name}`, [
    `bridge ${bridge.text("name")}`,
    ...one("vlan_mode"),
    ...one("tag"),
    ...(trunks.length === 0 ? [] : [`trunks ${trunks.join(",")}`]),
    ...(description === undefined ? [] : [`description ${JSON.stringify(description)}`]),
    ...(edge ? ["edge yes"] : []),
    ...(mtu === undefined ? [] : [`mtu ${mtu}`]),
    ...kindOf(first, name === bridge.text("name")),
    ...(members.length > 1 ? [`members ${members.join(",")}`] : []),
    ...one("lacp"),
    ...one("bond_mode"),
    `admin ${isUp ? "up" : "down"}`,
  ]);
}

/** What makes a port that is no link of the kernel: an internal one, a tunnel, a patch to another bridge. */
function kindOf(row: OvsRow | undefined, isLocal: boolean): string[] {
  const type = row?.text("type");
  if (row === undefined || isLocal || type === undefined || type === "system") return [];
  return [`type ${type}`, ...[...row.map("options")].map(([key, value]) => `option ${key}=${value}`)];
}

function mirrorNode(mirror: OvsRow, ports: ReadonlyMap<string, OvsRow>): ConfigNode {
  const output = ports.get(mirror.text("output_port") ?? "")?.text("name");
  const vlan = mirror.text("output_vlan");
  return makeNode(`mirror ${mirror.text("name")}`, [
    `select_all ${mirror.text("select_all") ?? "false"}`,
    ...(output === undefined ? [] : [`output_port ${output}`]),
    ...(vlan === undefined ? [] : [`output_vlan ${vlan}`]),
  ]);
}

function linkStates(json: string): ReadonlyMap<string, boolean> {
  const links = JSON.parse(json || "[]") as readonly {
    readonly ifname?: string;
    readonly flags?: readonly string[];
  }[];
  return new Map(links.map((link) => [link.ifname ?? "", link.flags?.includes("UP") ?? false]));
}

/** Blocks of the flows of each bridge: `BRIDGE FLOW` lines, as the switch prints them without counters. */
export function decodeFlows(text: string): ConfigNode[] {
  const flows = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const match = /^(\S+)\s+(.*actions=.*)$/.exec(line);
    if (match) flows.set(match[1] ?? "", [...(flows.get(match[1] ?? "") ?? []), (match[2] ?? "").trim()]);
  }
  return [...flows].map(([bridge, lines]) => makeNode(`flows ${bridge}`, lines.sort()));
}
