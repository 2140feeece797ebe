import type { ConfigDialect } from "../cli/configurator.ts";
import { regroup } from "../cli/regroup.ts";
import type { Section } from "../cli/section.ts";
import { compileView, printSection } from "../cli/view.ts";
import { ACL_TABLE } from "./acl.ts";
import { VRP_ARGS } from "./args.ts";
import type { VrpConfig } from "./config.ts";
import { PORT_TABLE, ROUTED_TABLE, TRUNK_TABLE, VLANIF_TABLE } from "./table-interface.ts";
import { SMALL_VIEWS } from "./table-small.ts";
import { SYSTEM_TABLE } from "./table-system.ts";

const TABLES = {
  system: SYSTEM_TABLE,
  port: PORT_TABLE,
  trunk: TRUNK_TABLE,
  vlanif: VLANIF_TABLE,
  routed: ROUTED_TABLE,
  "acl-basic": ACL_TABLE,
  "acl-advanced": ACL_TABLE,
  ...SMALL_VIEWS,
};

/** How VRP reads configuration lines. */
export const VRP_DIALECT: ConfigDialect<VrpConfig> = {
  views: new Map(Object.entries(TABLES).map(([name, table]) => [name, compileView(name, table, VRP_ARGS)])),
  negation: "undo",
  shortest: 2,
};

/** Lines that print gathered by their account or group. */
const GROUPED = [
  /^ local-user (\S+) /,
  /^ssh user (\S+)/,
  /^ vrrp vrid (\d+) /,
  /^snmp-agent usm-user v3 (\S+)/,
];

/** Release that the emulator shows. */
export const RELEASE = "V200R019C10SPC500";

/** Prints a configuration, from the software line to `return`. */
export function printConfig(config: VrpConfig): string {
  const body = regroup(printSection(config.root, VRP_DIALECT.views, "#"), GROUPED);
  const lines = ["#", ...body, "#"].filter((line, index, all) => line !== "#" || all[index - 1] !== "#");
  return [`!Software Version ${RELEASE}`, ...lines, "return", ""].join("\n");
}

/** Prints one block as `display this` does. */
export function printBlock(block: Section): string {
  const body = printSection(block, VRP_DIALECT.views).map((line) => ` ${line}`);
  return `#\n${[block.header, ...body].join("\n")}\n#\nreturn\n`;
}

/** What a view's prompt shows behind the system name; empty in the system view. */
export function promptSuffix(block: Section, count: number): string {
  const { view, header } = block;
  const words = header.split(" ");
  const last = words.at(-1) ?? "";
  if (count > 1 && ["port", "trunk", "vlanif"].includes(view)) return "-port-group";
  switch (view) {
    case "system":
      return "";
    case "acl-basic":
      return `-acl-basic-${words[1] === "name" ? words[2] : last}`;
    case "acl-advanced":
      return `-acl-adv-${words[1] === "name" ? words[2] : last}`;
    case "acl6":
      return `-acl6-${Number(last) < 3000 ? "basic" : "adv"}-${last}`;
    case "vlan":
      return `-vlan${last}`;
    case "ui":
      return words[1] === "con" ? "-ui-console0" : `-ui-vty${words.slice(2).join("-")}`;
    case "pool":
      return `-ip-pool-${last}`;
    case "aaa-domain":
      return `-aaa-domain-${last}`;
    case "aaa-scheme":
      return `-aaa-authen-${last}`;
    case "aaa-policy":
      return "-aaa-lupp-admin";
    case "vpn":
      return `-vpn-instance-${last}`;
    case "vpn-family":
      return "-vpn-instance-af-ipv4";
    default:
      return `-${last}`;
  }
}
