import type { Finding } from "../../model/finding.ts";
import type { Change, ChangeOptions, ChangeStep } from "../../planner/config/types.ts";
import { type BlockPair, type BlockSpeller, changeBlocks } from "../linux-common/block-change.ts";
import { printBraced } from "../linux-common/canonical.ts";
import { hostCommands } from "../linux-common/host-commands.ts";
import { withReloads } from "../linux-common/reloads.ts";
import { redactHostText } from "../linux-common/secrets.ts";
import { mayManage } from "./access.ts";
import { OUR_TABLE } from "./claims.ts";
import { GRAMMAR } from "./parse.ts";

/** Rules stand before addresses, routes and forwarding, so that nothing is forwarded unfiltered. */
const RANKS: Readonly<Record<string, number>> = {
  package: 5,
  file: 10,
  cron: 10,
  account: 15,
  hostname: 18,
  timezone: 18,
  table: 20,
  interface: 30,
  route: 40,
  sysctl: 50,
};

/** How a firewall's blocks become commands. */
const SPELLER: BlockSpeller = {
  grammar: GRAMMAR,
  rank: ({ header }) => RANKS[header.split(" ")[0] ?? ""] ?? 60,
  commands: (pair) => (pair.header.startsWith("table ") ? tableCommands(pair) : (hostCommands(pair) ?? [])),
  supersedes: (header) => (header.startsWith("account ") ? `login ${header.slice(8)}` : undefined),
  group: (steps) => withReloads(oneTransaction(steps)),
  remark: accessFindings,
};

/** Computes what brings a firewall from running to intended: our table anew in one transaction, host settings one by
 *  one. Lines of the table's part are what `nft -f` takes, all others are shell. Pure. */
export function change(running: string, intended: string, options: ChangeOptions): Change {
  return changeBlocks(running, intended, options, SPELLER);
}

/** Takes secrets out, keeps structure. */
export function redact(text: string): string {
  return redactHostText(text);
}

/** `add` before `delete` makes the deletion safe where the table is not there; nft does all of it or nothing. */
function tableCommands({ header, after }: BlockPair): string[] {
  const name = header.slice("table ".length);
  const anew = after === undefined ? [] : printBraced(after, 0);
  return [`add table ${name}`, `delete table ${name}`, ...anew];
}

/** Tables that change together are one transaction. */
function oneTransaction(steps: readonly ChangeStep[]): readonly ChangeStep[] {
  const tables = steps.filter(({ path }) => path[0]?.startsWith("table "));
  const first = tables[0];
  if (first === undefined || tables.length === 1) return steps;
  const merged = { ...first, commands: tables.flatMap(({ commands }) => commands) };
  return steps.flatMap((step) => {
    if (step === first) return [merged];
    return tables.includes(step) ? [] : [step];
  });
}

function accessFindings(pairs: readonly BlockPair[], { management }: ChangeOptions): readonly Finding[] {
  const pair = pairs.find(({ header, after }) => header === OUR_TABLE && after !== undefined);
  if (pair?.after === undefined) return [];
  const finding = (severity: Finding["severity"], message: string, hint: string): Finding[] => [
    { code: "CHG-ACCESS", severity, message, hint, where: { device: "nftables", text: OUR_TABLE } },
  ];
  if (management === undefined)
    return finding(
      "warning",
      "management access was not proved: no address it comes from is known",
      "Say --management ADDRESS.",
    );
  const verdict = mayManage(pair.after, management);
  if (verdict === "permit") return [];
  if (verdict === "deny")
    return finding(
      "error",
      `the new rules let nobody manage from ${management}`,
      "Add its prefix to where management comes from.",
    );
  return finding(
    "warning",
    `management access from ${management} was not proved`,
    "The dead-man undoes the push if it is cut.",
  );
}
