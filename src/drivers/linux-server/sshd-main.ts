import type { ConfigNode } from "../../planner/config/types.ts";
import { parseCanonical, printNodes } from "../linux-common/canonical.ts";
import { GRAMMAR } from "./parse.ts";

/** The drop-in that we write; sshd takes the first value that it meets, so ours sorts before others. */
export const SSHD_FILE = "/etc/ssh/sshd_config.d/00-sitewright.conf";

const MAIN = "file /etc/ssh/sshd_config";
const INCLUDE = /^\s*include\s+\/etc\/ssh\/sshd_config\.d\/\*\.conf\s*$/i;
const INCLUDE_LINE = "| Include /etc/ssh/sshd_config.d/*.conf";

/** Adds sshd's main file to what is intended where it would keep our drop-in from counting: an option of ours set
 *  before the drop-ins are included is commented out, and a missing `Include` is put in front.
 *  Pure: both files stand in the running text. */
export function withMainFile(running: string, intended: string): string {
  const wanted = parseCanonical(intended, GRAMMAR).nodes;
  const dropIn = wanted.find(({ key }) => key === `file ${SSHD_FILE}`);
  const main = parseCanonical(running, GRAMMAR).nodes.find(({ key }) => key === MAIN);
  if (dropIn === undefined || main === undefined || wanted.some(({ key }) => key === MAIN)) return intended;
  const ours = new Set(dropIn.children.flatMap(({ key }) => keywordOf(key) ?? []));
  const lines = main.children.map(({ key }) => key);
  const mended = mend(lines, ours);
  if (mended.join("\n") === lines.join("\n")) return intended;
  const children = mended.map((key) => ({ ...(main.children[0] ?? main), key, text: key, children: [] }));
  const block: ConfigNode = { ...main, children };
  return `${intended.replace(/\n*$/, "\n")}${printNodes([block])}`;
}

function mend(lines: readonly string[], ours: ReadonlySet<string>): string[] {
  const at = lines.findIndex((line) => INCLUDE.test(contentOf(line) ?? ""));
  if (at >= 0) return lines.map((line, index) => (index < at ? silenced(line, ours) : line));
  const first = lines.findIndex((line) => line.startsWith("|"));
  const place = first < 0 ? lines.length : first;
  return [...lines.slice(0, place), INCLUDE_LINE, ...lines.slice(place)];
}

function silenced(line: string, ours: ReadonlySet<string>): string {
  const keyword = keywordOf(line);
  return keyword !== undefined && ours.has(keyword) ? `| # sitewright: ${contentOf(line)}` : line;
}

function contentOf(line: string): string | undefined {
  return line.startsWith("|") ? line.slice(1).trim() : undefined;
}

function keywordOf(line: string): string | undefined {
  const word = /^([A-Za-z]+)[\s=]/.exec(contentOf(line) ?? "")?.[1];
  return word?.toLowerCase();
}
