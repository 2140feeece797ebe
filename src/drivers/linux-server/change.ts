import type { Finding } from "../../model/finding.ts";
import type { Change, ChangeOptions, ChangeStep } from "../../planner/config/types.ts";
import { type BlockPair, type BlockSpeller, changeBlocks } from "../linux-common/block-change.ts";
import { hostCommands } from "../linux-common/host-commands.ts";
import { withReloads } from "../linux-common/reloads.ts";
import { redactHostText } from "../linux-common/secrets.ts";
import { quote } from "../linux-common/shell-quote.ts";
import { GRAMMAR } from "./parse.ts";
import { withMainFile } from "./sshd-main.ts";

/** Accounts stand before the sshd options that may let only them in; sshd is asked what it runs by at the end. */
const RANKS: Readonly<Record<string, number>> = {
  package: 5,
  hostname: 8,
  timezone: 8,
  account: 10,
  login: 10,
  file: 20,
  cron: 25,
  service: 30,
  sshd: 40,
};

const SPELLER: BlockSpeller = {
  grammar: GRAMMAR,
  rank: ({ header }) => RANKS[header.split(" ")[0] ?? ""] ?? 50,
  commands: (pair) => (pair.header === "sshd" ? sshdChecks(pair) : (hostCommands(pair) ?? [])),
  supersedes: (header) => (header.startsWith("account ") ? `login ${header.slice(8)}` : undefined),
  group: withReloads,
  remark: accessFindings,
};

/** Computes what brings a server from running to intended, as shell that a person could type. Pure. */
export function change(running: string, intended: string, options: ChangeOptions): Change {
  return changeBlocks(running, withMainFile(running, intended), options, SPELLER);
}

/** Steps from one reading to another, the main file of sshd included as it stands there. */
export function stepsBetween(before: string, after: string): readonly ChangeStep[] {
  return changeBlocks(before, after, { scope: { kind: "full" } }, SPELLER).steps;
}

/** Takes secrets out, keeps structure. */
export function redact(text: string): string {
  return redactHostText(text);
}

/** The options come from files, and those have been written: what is left is to ask sshd whether they count. */
function sshdChecks({ before, after }: BlockPair): string[] {
  const was = new Set(before?.children.map((child) => child.key));
  const wanted = new Set(after?.children.map((child) => child.key));
  const shown = (option: string) =>
    `sshd -T | sed 's/^permitrootlogin without-password$/permitrootlogin prohibit-password/' | grep -qixF ${quote(option)}`;
  const appeared = [...wanted].filter((option) => !was.has(option));
  const gone = [...was].filter((option) => !wanted.has(option));
  return [
    ...appeared.map(
      (option) => `if ! ${shown(option)}; then echo "sshd does not run by: ${option}" >&2; false; fi`,
    ),
    ...gone.map((option) => `if ${shown(option)}; then echo "sshd still runs by: ${option}" >&2; false; fi`),
  ];
}

function accessFindings(pairs: readonly BlockPair[]): readonly Finding[] {
  if (!pairs.some(({ header }) => header === "sshd" || /^(account|login|file \/etc\/ssh\/)/.test(header)))
    return [];
  return [
    {
      code: "CHG-ACCESS",
      severity: "warning",
      message: "logins change: that the operator may still log in is proved only by the new session",
      hint: "The dead-man undoes the push if he may not.",
      where: { device: "linux-server" },
    },
  ];
}
