import type { ConfigItem, ConfigTree, Scope } from "../../planner/config/types.ts";
import { type Grammar, parseCanonical, type StatementRule } from "../linux-common/canonical.ts";
import { compareTexts } from "../linux-common/compare.ts";
import { HOST_STATEMENTS } from "../linux-common/host-statements.ts";

const firstWord = (child: string): string => child.split(" ")[0] ?? child;

const BRIDGE: StatementRule = {
  header: /^bridge \S+$/,
  children: [/^rstp (yes|no)$/, /^stp yes$/, /^priority \d+$/, /^fail_mode \w+$/, /^datapath \w+$/],
  identity: firstWord,
};

/** A bridge's own port is there as long as the bridge is, and is called `local`. */
const PORT: StatementRule = {
  header: /^(port|local) \S+$/,
  children: [
    /^bridge \S+$/,
    /^vlan_mode (access|trunk|native-tagged|native-untagged|dot1q-tunnel)$/,
    /^tag \d+$/,
    /^trunks \d+(,\d+)*$/,
    /^description ".*"$/,
    /^admin (up|down)$/,
    /^edge yes$/,
    /^mtu \d+$/,
    /^members \S+(,\S+)*$/,
    /^lacp (active|passive|off)$/,
    /^bond_mode [a-z-]+$/,
    /^type [a-z0-9_-]+$/,
    /^option \S+=\S*$/,
  ],
  identity: (child) => (child.startsWith("option ") ? (child.split("=")[0] ?? child) : firstWord(child)),
};

/** What the canonical text of a switch says: bridges and ports as OVSDB holds them, links as the kernel does. */
export const GRAMMAR: Grammar = {
  platform: "openvswitch",
  statements: [
    BRIDGE,
    PORT,
    { header: /^flows \S+$/, children: [/^.*actions=.*$/], ordered: true },
    { header: /^mirror \S+$/, children: [/^(select_all|output_port|output_vlan) \S+$/], identity: firstWord },
    HOST_STATEMENTS.hostname,
    HOST_STATEMENTS.timezone,
    HOST_STATEMENTS.interface,
    HOST_STATEMENTS.route,
    HOST_STATEMENTS.file,
    HOST_STATEMENTS.cron,
    HOST_STATEMENTS.account,
    HOST_STATEMENTS.login,
  ],
};

/** Parses the canonical text of a switch. */
export function parse(text: string): ConfigTree {
  return parseCanonical(text, GRAMMAR);
}

/** Compares two readings item by item, down to a port's VLAN. */
export function compare(before: string, after: string, scope: Scope): readonly ConfigItem[] {
  return compareTexts(before, after, scope, GRAMMAR);
}
