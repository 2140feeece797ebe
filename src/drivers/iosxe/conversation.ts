import type { CliAnswer, CliTable } from "../transport/cli-table.ts";

/** How IOS and IOS-XE talk: prompts, pager, questions, and the lines that mean no.
 *  @see Cisco IOS Configuration Fundamentals, "Using the Cisco IOS Command-Line Interface" */
export const IOSXE_CLI: CliTable = {
  newline: "\n",
  anyPrompt: /^(?<host>[A-Za-z][\w.-]{0,62})(?:\([^()\s]+\))?[>#] ?$/,
  prompt: "^%h(?:\\((?<mode>[^()\\s]+)\\))?[>#] ?$",
  // Configuration prompts keep the first 20 characters of a name, some images fewer.
  promptNameChars: 16,
  pagers: [{ pattern: / ?--More-- ?$/, answer: " ", newline: false }],
  questions: [],
  anyQuestion: /(?:\[confirm\]|\[(?:yes\/no|y\/n|yes|no)\][:?]?|\]\?|\(y\/n\)\??|^Password:) ?$/i,
  failures: [
    /^\s*%/,
    /^Command rejected/i,
    /^ERROR:/i,
    /^Command authorization failed/i,
    /^Either port is L2/,
    /^The following commands are failed/,
    /^Rollback aborted/,
  ],
  harmless: [
    /^\s*%\s?Warning\b/i,
    /^%Portfast has been configured on /,
    /^% Generating /,
    /^% The key modulus size is /,
    /^% Interface \S+ IPv[46] disabled and address\(es\) removed due to (?:en|dis)abling VRF /,
  ],
  noise: [/^(?:\d+: )?(?:[*.]?[A-Z][a-z]{2} +\d+ .*: |\*?\d+[wdhms:]\S*: )?%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+: /],
  rename: /^hostname (\S+)$/,
  interrupt: "\u0003",
  questionMark: "\u0016?",
};

/** Commands that ask before they obey, with the answers that we mean. */
export const KNOWN_QUESTIONS: readonly {
  readonly command: RegExp;
  readonly answers: readonly CliAnswer[];
}[] = [
  {
    command: /^no username /,
    answers: [{ pattern: /Do you want to continue\? ?\[confirm\] ?$/, answer: "\n", newline: false }],
  },
];

/** Takes an existing file's place without asking on. */
export const COPY_ANSWERS: readonly CliAnswer[] = [
  { pattern: /^Destination filename \[[^\]]*\]\? ?$/, answer: "" },
  { pattern: /over ?write\??.*\[confirm\] ?$/i, answer: "\n", newline: false },
];

/** Saving over a startup configuration of another version. */
export const SAVE_ANSWERS: readonly CliAnswer[] = [
  { pattern: /Overwrite the previous NVRAM configuration\?\s*\[confirm\] ?$/, answer: "\n", newline: false },
];

/** Deleting a file of ours. */
export const DELETE_ANSWERS: readonly CliAnswer[] = [
  { pattern: /^Delete filename \[[^\]]*\]\? ?$/, answer: "" },
  { pattern: /^Delete \S+\? ?\[confirm\] ?$/, answer: "\n", newline: false },
];

/** A reload that must not save what is being tried. */
export const RELOAD_ANSWERS: readonly CliAnswer[] = [
  { pattern: /Save\? \[yes\/no\]: ?$/, answer: "no" },
  { pattern: /Proceed with reload\? \[confirm\] ?$/, answer: "\n", newline: false },
];

/** Makes a banner typeable: the device prints its delimiter as `^C`, which typed is two characters or an interrupt. */
export function spellCommand(command: string): string {
  const banner = /^(banner \S+ )\^C([\s\S]*)\^C\s*$/.exec(command);
  if (!banner) return command;
  const text = banner[2] ?? "";
  const delimiter = ["#", "@", "~", "|", "%", "&"].find((mark) => !text.includes(mark));
  return delimiter === undefined ? command : `${banner[1]}${delimiter}${text}${delimiter}`;
}
