import type { ConfigDialect } from "../cli/configurator.ts";
import { regroup } from "../cli/regroup.ts";
import { compileView, printSection } from "../cli/view.ts";
import { ACL_TABLE } from "./acl.ts";
import { IOS_ARGS } from "./args.ts";
import { type IosConfig, VLAN } from "./config.ts";
import { GLOBAL_TABLE } from "./table-global.ts";
import { PORT_TABLE, ROUTED_IF_TABLE, VLAN_IF_TABLE } from "./table-interface.ts";
import { LINE_TABLE } from "./table-line.ts";
import { SMALL_VIEWS } from "./table-services.ts";

const TABLES = {
  global: GLOBAL_TABLE,
  "if-port": PORT_TABLE,
  "if-vlan": VLAN_IF_TABLE,
  "if-routed": ROUTED_IF_TABLE,
  "acl-standard": ACL_TABLE,
  "acl-extended": ACL_TABLE,
  line: LINE_TABLE,
  ...SMALL_VIEWS,
};

/** How IOS reads configuration lines. */
export const IOS_DIALECT: ConfigDialect<IosConfig> = {
  views: new Map(Object.entries(TABLES).map(([name, table]) => [name, compileView(name, table, IOS_ARGS)])),
  negation: "no",
  shortest: 2,
};

/** Prompt suffixes of configuration views. */
const SUFFIXES: Readonly<Record<string, string>> = {
  global: "config",
  "if-port": "config-if",
  "if-vlan": "config-if",
  "if-routed": "config-if",
  "acl-standard": "config-std-nacl",
  "acl-extended": "config-ext-nacl",
  acl6: "config-ipv6-acl",
  line: "config-line",
  vlan: "config-vlan",
  "dhcp-pool": "dhcp-config",
  archive: "config-archive",
  "archive-log": "config-archive-log-cfg",
  vrf: "config-vrf",
  "vrf-family": "config-vrf-af",
  "aaa-group": "config-sg-tacacs+",
  "aaa-server": "config-server-tacacs",
  "if-vrrp": "config-if-vrrp",
  coa: "config-locsvr-da-radius",
  transceiver: "config-xcvr-type",
  ospf: "config-router",
};

/** What a view's prompt shows in parentheses.
 *  @param count - blocks that are edited together */
export function promptSuffix(view: string, count: number): string {
  const suffix = SUFFIXES[view] ?? "config";
  return suffix === "config-if" && count > 1 ? "config-if-range" : suffix;
}

/** Lines that print gathered by their group. */
const GROUPED = [/^ standby (\d+) /, /^ vrrp (\d+) /];

/** Prints a configuration from `version` to `end`.
 *  @param hideVlans - leave the VLANs out, as a VTP server does */
export function printConfig(config: IosConfig, version: string, hideVlans: boolean): string {
  const body = printSection(config.root, IOS_DIALECT.views, "!", hideVlans ? [VLAN] : []);
  return [`version ${version}`, ...regroup(body, GROUPED), "end", ""].join("\n");
}
