import type { ConfigItem, ConfigTree, Scope } from "../../planner/config/types.ts";
import { type Grammar, parseCanonical } from "../linux-common/canonical.ts";
import { compareTexts } from "../linux-common/compare.ts";
import { HOST_STATEMENTS } from "../linux-common/host-statements.ts";

/** sshd prints the old word for what its manual calls `prohibit-password`. */
const SSHD = {
  ...HOST_STATEMENTS.sshd,
  canonicalChild: (child: string) =>
    child.replace(/^permitrootlogin without-password$/, "permitrootlogin prohibit-password"),
};

/** What the canonical text of a server says. */
export const GRAMMAR: Grammar = {
  platform: "linux-server",
  statements: [
    HOST_STATEMENTS.hostname,
    HOST_STATEMENTS.timezone,
    HOST_STATEMENTS.file,
    HOST_STATEMENTS.cron,
    HOST_STATEMENTS.account,
    HOST_STATEMENTS.login,
    HOST_STATEMENTS.package,
    HOST_STATEMENTS.service,
    SSHD,
  ],
};

/** Parses the canonical text of a server. */
export function parse(text: string): ConfigTree {
  return parseCanonical(text, GRAMMAR);
}

/** Compares two readings item by item, down to a line of a file and an option of sshd. */
export function compare(before: string, after: string, scope: Scope): readonly ConfigItem[] {
  return compareTexts(before, after, scope, GRAMMAR);
}
