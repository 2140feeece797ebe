import type { CliAnswer, CliTable } from "../transport/cli-table.ts";

/** How VRP talks: prompts, pager, questions, and the lines that mean no.
 *  @see Huawei S-series configuration guide, "CLI Overview" */
export const VRP_CLI: CliTable = {
  newline: "\n",
  anyPrompt: /^(?:HRP_[MS])?<(?<host>[^<>\s]+)> ?$/,
  prompt: "^(?:HRP_[MS])?(?:<%h>|\\[[~*]?%h(?:-[^\\]]*)?\\]) ?$",
  promptNameChars: 30,
  pagers: [{ pattern: /---- More ---- ?$/, answer: " ", newline: false }],
  questions: [{ pattern: /Change now\? ?\[Y\/N\]: ?$/i, answer: "N" }],
  anyQuestion: /(?:\[y(?:es)?\/no?\](?:\[[yn]\])?[:?]?|password:|\[[^\]]*\]\s?:) ?$/i,
  failures: [
    /^\s*Error\s?:/i,
    /^\s*\^\s*$/,
    /^\s*(?:%|\^)?\s*(?:Unrecognized command|Incomplete command|Ambiguous command|Wrong parameter|Too many parameters)/i,
  ],
  harmless: [],
  noise: [
    /^#?[A-Z][a-z]{2} +\d{1,2} \d{4} \d\d:\d\d:\d\d\S* \S+ (?:%%\d\d)?[A-Z0-9_]+\/\d\//,
    /^#[A-Z][a-z]{2} +\d{1,2} \d{4} \d\d:\d\d:\d\d/,
  ],
  rename: /^sysname (\S+)$/,
  interrupt: "\u0003",
  questionMark: undefined,
};

const YES: readonly CliAnswer[] = [{ pattern: /\[Y\/N\](?:\[[yn]\])?[:?]? ?$/i, answer: "y" }];

/** Configuration commands that ask before they obey, where obeying is what was planned and proved. */
export const KNOWN_QUESTIONS: readonly {
  readonly command: RegExp;
  readonly answers: readonly CliAnswer[];
}[] = [
  { command: /^(?:undo )?port link-type\b/, answers: YES },
  { command: /^clear configuration (?:interface|this)\b/, answers: YES },
  { command: /^undo dhcp (?:snooping )?enable\b/, answers: YES },
  { command: /^undo snmp-agent$/, answers: YES },
  { command: /^(?:undo )?snmp-agent trap enable\b/, answers: YES },
  { command: /^(?:undo )?stp mode\b/, answers: YES },
];

/** Saving, also over an existing file, and for the first time, when the device proposes a name. */
export const SAVE_ANSWERS: readonly CliAnswer[] = [
  { pattern: /file name.*\[\S+\.(?:zip|cfg)\]\s*:? ?$/i, answer: "" },
  ...YES,
];

/** Choosing a file for the next start, and deleting one of ours. */
export const FILE_ANSWERS: readonly CliAnswer[] = YES;

/** A reboot that must not save what is being tried: no to saving, yes to going on. */
export const REBOOT_ANSWERS: readonly CliAnswer[] = [
  { pattern: /\bsave[ds]?\b.*\[Y\/N\](?:\[[yn]\])?[:?]? ?$/i, answer: "n" },
  ...YES,
];
