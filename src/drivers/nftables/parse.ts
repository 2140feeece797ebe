import type { ConfigItem, ConfigTree, Scope } from "../../planner/config/types.ts";
import { type Grammar, parseCanonical } from "../linux-common/canonical.ts";
import { compareTexts } from "../linux-common/compare.ts";
import { HOST_STATEMENTS } from "../linux-common/host-statements.ts";
import { readTable } from "./ruleset.ts";

/** What the canonical text of a firewall says: tables as nft lists them, and the parts of the host that it needs. */
export const GRAMMAR: Grammar = {
  platform: "nftables",
  statements: [
    { header: /^table /, children: [], ordered: true },
    HOST_STATEMENTS.hostname,
    HOST_STATEMENTS.timezone,
    HOST_STATEMENTS.sysctl,
    HOST_STATEMENTS.interface,
    HOST_STATEMENTS.route,
    HOST_STATEMENTS.file,
    HOST_STATEMENTS.cron,
    HOST_STATEMENTS.account,
    HOST_STATEMENTS.login,
  ],
  blockReader: readTable,
  noise: /^\s*(flush ruleset|(add|delete|destroy|flush) table\s.*|include\s.*)\s*;?\s*$/,
};

/** Parses `nft list ruleset`, with or without the host's lines around it. */
export function parse(text: string): ConfigTree {
  return parseCanonical(text, GRAMMAR);
}

/** Compares two readings item by item, down to a rule; a rule that moved is a change of its chain. */
export function compare(before: string, after: string, scope: Scope): readonly ConfigItem[] {
  return compareTexts(before, after, scope, GRAMMAR);
}
