import type { AdoptItem } from "../adopt-types.ts";
import { pathOfHeader } from "./blocks.ts";
import { SSHD_DROP_IN } from "./sshd.ts";

/** Files of ours whose lines may stand in any order. */
const UNORDERED: ReadonlySet<string> = new Set([
  SSHD_DROP_IN,
  "file /etc/chrony/sources.d/sitewright.sources",
  "file /etc/rsyslog.d/90-sitewright.conf",
  "file /etc/sudoers.d/sitewright",
]);

/** Files of ours whose comments and blank lines mean nothing. */
const WITH_COMMENTS: ReadonlySet<string> = new Set([
  ...UNORDERED,
  "file /etc/resolv.conf",
  "file /etc/profile.d/sitewright-idle.sh",
]);

/** Takes out of adopted blocks what a hand spells otherwise than our renderer and what decides nothing: comments and
 *  order in files of ours, a missing last end of line, and whether an account bears our mark yet. */
export function withoutHostSpelling(text: string, items: readonly Pick<AdoptItem, "path">[]): string {
  const headers = new Set(items.map(({ path }) => path[0] ?? ""));
  if (headers.has("sshd")) headers.add(SSHD_DROP_IN);
  const blocks = text.split(/\n(?=\S)/);
  return blocks.map((block) => spellBlock(block, headers)).join("\n");
}

function spellBlock(block: string, headers: ReadonlySet<string>): string {
  const [header = "", ...lines] = block.split("\n");
  if (header.startsWith("login ") && headers.has(header))
    return [header.replace(/^login /, "account "), ...lines.filter((line) => !/^\s*uid /.test(line))].join(
      "\n",
    );
  if (!headers.has(header) || pathOfHeader(header) === undefined) return block;
  const whole = lines.filter((line) => line.trim() !== "no-newline");
  if (!WITH_COMMENTS.has(header)) return [header, ...whole].join("\n");
  const settings = whole.filter((line) => !/^\s*\|/.test(line));
  const content = whole.filter((line) => /^\s*\|/.test(line) && !/^\s*\|\s*(#|$)/.test(line));
  const spelled = header === SSHD_DROP_IN ? [...new Set(content.flatMap(sshdLines))] : content;
  return [header, ...settings, ...(UNORDERED.has(header) ? spelled.sort() : spelled)].join("\n");
}

/** sshd reads keywords in any case, and several names after one `AllowUsers`. */
function sshdLines(line: string): readonly string[] {
  const [, indent = "", word = "", rest = ""] = /^(\s*\|\s*)(\S+?)(?:\s+|\s*=\s*)(.*)$/.exec(line) ?? [];
  if (word === "") return [line];
  const keyword = word.toLowerCase();
  const values =
    keyword === "allowusers" ? rest.trim().split(/\s+/) : [rest.trim().replace(/^"(.*)"$/, "$1")];
  return values.map((value) => `${indent}${keyword} ${value}`);
}
