import type { EvidenceRecord } from "../../drivers/evidence.ts";
import type { DriftItem } from "../items.ts";

/** The part of an item that a command may have made. */
export type ChangedThing = Pick<DriftItem, "path" | "kind" | "applied" | "running">;

/** Words that open a block on a command line; what is typed after them belongs to the block. */
const OPENS =
  /^(?:interface|int|vlan|line|user-interface|router|ip\s+access-list|ipv6\s+access-list|acl|aaa|vrf|archive|port-group|class-map|policy-map)\b/i;

/** Commands that run others or open an editor: who ran one may have changed anything, and the log does not say what. */
const OPAQUE =
  /(?:^|\/)(?:ba|da|z|k)?sh$|(?:^|\/)(?:su|bash|env|python\d?|perl|screen|tmux|vim?|nano|emacs|sudoedit)$/;

/** Tells whether a typed command made this very change, going by what stands in the device's log.
 *  @param before - what the same person typed on the same way before it, oldest first */
export function makesChange(
  entry: EvidenceRecord,
  before: readonly EvidenceRecord[],
  item: ChangedThing,
): boolean {
  if (entry.command === undefined || item.kind === "unsaved") return false;
  const command = entry.command.trim();
  if (entry.means === "sudo") return shellMakes(command, item);
  return cliMakes(command, before, item);
}

function cliMakes(command: string, before: readonly EvidenceRecord[], item: ChangedThing): boolean {
  const statements = statementsOf(item);
  const parents = item.path.slice(0, -1);
  if (!statements.some((statement) => says(command, statement))) return false;
  const opener = before.findLast((one) => OPENS.test(one.command?.trim() ?? ""))?.command?.trim();
  if (parents.length === 0) return true;
  return opener !== undefined && parents.some((parent) => says(opener, parent));
}

/** What somebody types to get from before to after. */
function statementsOf(item: ChangedThing): readonly string[] {
  const own = item.path.at(-1) ?? "";
  if (item.kind === "removed") {
    const gone = [...linesOf(item.applied).slice(0, 1), own];
    return gone.flatMap((line) => [`no ${line}`, `undo ${line}`, `delete ${line}`]);
  }
  // A block that is new is opened by its header; a value that changed is typed with the value.
  const shown = linesOf(item.running);
  const set = shown.length === 0 ? [own] : shown.slice(0, 1);
  const toggled = set.flatMap((line) => (/^(?:no|undo) /.test(line) ? [line] : []));
  const batch = /^vlan (\d+)$/.exec(own);
  return [...set, ...toggled, ...(batch ? [`vlan batch ${batch[1]}`] : [])];
}

function linesOf(text: string | undefined): readonly string[] {
  return (text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && line !== "!" && line !== "#");
}

/** Whether typed words stand for a statement: each is its word, or the beginning of it where it is a keyword; numbers
 *  and names are never abbreviated. */
function says(typed: string, statement: string): boolean {
  const words = split(typed);
  const meant = split(statement);
  if (words.length === 0 || words.length !== meant.length) return false;
  return words.every((word, index) => {
    const other = meant[index] ?? "";
    if (word === other) return true;
    const isKeyword = index < meant.length - 1 || /^[a-z-]+$/.test(other);
    return isKeyword && /^[a-z][a-z-]*$/.test(word) && word.length >= 2 && other.startsWith(word);
  });
}

/** `Gi1/0/1` is two words, a keyword and a number: people type it with and without a blank. */
function split(text: string): string[] {
  return text
    .trim()
    .toLowerCase()
    .replace(/([a-z])(\d+(?:\/\d+)+)/g, "$1 $2")
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** Words that say nothing of what a command is about. */
const GENERIC = new Set(
  "table chain set map rule inet ip ip6 tag trunks port interface bridge file line sshd login account value".split(
    " ",
  ),
);
const MIN_WORDS = 2;

/** A shell command made a change if it says every word of what changed and names where: the chain, the port, the
 *  file. */
function shellMakes(command: string, item: ChangedThing): boolean {
  const program = command.split(/\s+/)[0] ?? "";
  if (OPAQUE.test(program) && !/\s/.test(command)) return false;
  const typed = new Set(tokens(command));
  const path = item.path.map((part) => part.toLowerCase());
  const gone = item.kind === "removed";
  const value = (gone ? item.applied : item.running) ?? item.path.at(-1) ?? "";
  const wanted = tokens(`${value.split("\n")[0] ?? ""}`);
  const place = path
    .slice(0, -1)
    .flatMap(tokens)
    .filter((word) => !GENERIC.has(word));
  const subject = wanted.filter((word) => !GENERIC.has(word));
  const inPlace = place.length === 0 || place.some((word) => typed.has(word));
  const all = subject.length > 0 && subject.every((word) => typed.has(word));
  if (all && inPlace && new Set([...wanted, ...place]).size >= MIN_WORDS) return true;
  return editsFile(command, path);
}

/** A program that writes a file is about everything that the file says. */
function editsFile(command: string, path: readonly string[]): boolean {
  const file = /(\/etc\/[\w./@+-]+)/.exec(command)?.[1];
  if (file === undefined) return false;
  if (path.some((part) => part.split(/\s+/).includes(file.toLowerCase()))) return true;
  return /^(?:sshd|login)\b/.test(path[0] ?? "") && file.startsWith("/etc/ssh/sshd_config");
}

function tokens(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9_.:/-]+/)
    .filter((word) => /[a-z0-9]/.test(word));
}
