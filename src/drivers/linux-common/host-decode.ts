import { createHash } from "node:crypto";
import type { ConfigNode } from "../../planner/config/types.ts";
import { ACCOUNT_MARK } from "./account-commands.ts";
import { makeNode } from "./canonical.ts";

/** How much of a fingerprint is shown. */
const FINGERPRINT_CHARS = 16;

/** Files of our own making that are not configuration. */
const OWN_FILES = /^\/etc\/cron\.d\/(sitewright-pending|sitewright-boot|\.placeholder)$/;

/** Lines of a file as children of its block: `| text`, and a mark where the last line has no end. */
export function contentChildren(content: string): string[] {
  if (content === "") return [];
  const lines = content.split("\n");
  const hasEnd = lines.at(-1) === "";
  if (hasEnd) lines.pop();
  const shown = lines.map((line) => (line === "" ? "|" : `| ${line}`));
  return hasEnd ? shown : ["no-newline", ...shown];
}

/** Blocks of the files that a reading showed; those in /etc/cron.d by their name. */
export function decodeFiles(text: string): ConfigNode[] {
  return text.split("\n").flatMap((line) => {
    const [path, owner, mode, , kind, body = ""] = line.split("\t");
    if (path === undefined || owner === undefined || mode === undefined || OWN_FILES.test(path)) return [];
    const content = kind === "altered" ? [`altered ${body.slice(0, FINGERPRINT_CHARS)}`] : plainContent(body);
    return [makeNode(headerOf(path), [`owner ${owner}`, `mode ${mode.padStart(4, "0")}`, ...content])];
  });
}

/** Header of the block of a file. */
function headerOf(path: string): string {
  const name = /^\/etc\/cron\.d\/([\w-]+)$/.exec(path)?.[1];
  return name === undefined ? `file ${path}` : `cron ${name}`;
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}

/** Content that lines cannot hold: no text, or text with control characters. */
const UNSHOWABLE = /[^\P{Cc}\n\t]/u;

/** What a file holds, line by line; by its fingerprint where it is not text. */
function plainContent(base64: string): string[] {
  const bytes = Buffer.from(base64, "base64");
  const text = bytes.toString("utf8");
  const isText = !UNSHOWABLE.test(text) && Buffer.from(text, "utf8").equals(bytes);
  if (isText) return contentChildren(text);
  return [`altered ${createHash("sha256").update(bytes).digest("hex").slice(0, FINGERPRINT_CHARS)}`];
}

/** Blocks of the accounts that a reading showed: `account` for ours, `login` for all others.
 *  Ours that are locked and expired have left the inventory and are not shown. */
export function decodeAccounts(text: string): ConfigNode[] {
  const rows = text.split("\n").map((line) => line.split("\t"));
  const groups = rows.filter((row) => row[0] === "group").map((row) => (row[1] ?? "").split(":"));
  return rows.flatMap(
    ([word, name = "", uid = "", gecos = "", shell = "", status = "", expire = "", keys = ""]) => {
      if (word !== "user") return [];
      const isOurs = gecos.startsWith(ACCOUNT_MARK);
      if (isOurs && expire === "1" && gecos.includes("locked")) return [];
      const member = groups
        .filter((row) => (row[3] ?? "").split(",").includes(name))
        .map((row) => row[0] ?? "");
      const children = [
        ...(isOurs ? [] : [`uid ${uid}`]),
        ...(shell === "" ? [] : [`shell ${shell}`]),
        ...(member.length === 0 ? [] : [`groups ${member.sort().join(",")}`]),
        `password ${status.startsWith("altered:") ? status.slice(0, 24) : status}`,
        ...decodeKeys(keys),
      ];
      return [makeNode(`${isOurs ? "account" : "login"} ${name}`, children)];
    },
  );
}

function decodeKeys(base64: string): string[] {
  const lines = decode(base64).split("\n");
  const keys = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  return [...new Set(keys)].map((line) => `key ${line.replace(/\s+/g, " ")}`);
}

/** Blocks of one word each, from lines. */
export function decodeList(kind: string, text: string): ConfigNode[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => makeNode(`${kind} ${line.trim()}`));
}

/** Blocks of services: enabled ones, and those of ours that are not. */
export function decodeServices(text: string, owned: readonly string[]): ConfigNode[] {
  const enabled = new Set(text.split("\n").filter((line) => line !== ""));
  const ours = owned.filter((header) => header.startsWith("service ")).map((header) => header.slice(8));
  return [...new Set([...enabled, ...ours])].map((name) =>
    makeNode(`service ${name}`, [`enabled ${enabled.has(name) ? "yes" : "no"}`]),
  );
}

/** The block of what sshd runs by. */
export function decodeSshd(text: string): ConfigNode[] {
  const options = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return options.length === 0 ? [] : [makeNode("sshd", [...new Set(options)].sort())];
}

/** Hostname, system, serial number and time zone of a device. */
export interface HostFacts {
  readonly hostname: string;
  readonly version: string;
  readonly serial: string;
  readonly timezone: string;
}

/** Reads what the facts part printed. */
export function decodeFacts(text: string): HostFacts {
  const [hostname = "", version = "", serial = "", timezone = ""] = text
    .split("\n")
    .map((line) => line.trim());
  return { hostname, version, serial, timezone };
}

/** Blocks of the facts that are configuration. */
export function factBlocks(facts: HostFacts): ConfigNode[] {
  const zone = facts.timezone === "" ? [] : [makeNode(`timezone ${facts.timezone}`)];
  return [makeNode(`hostname ${facts.hostname}`), ...zone];
}
