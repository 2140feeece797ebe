import type { FileWhere } from "../../model/finding.ts";
import type { DeviceIntent, UserIntent } from "../../model/intent.ts";
import { secretPlaceholder } from "../../model/secret.ts";
import type { Refusals } from "../render/refusals.ts";
import { fillTemplate } from "../template.ts";
import type { TemplateView } from "../template-library.ts";
import { contentChildren } from "./host-decode.ts";
import { plainKey } from "./host-settings.ts";
import { READER } from "./remote-script.ts";

/** A block of the canonical text, settled; the template spells it. */
export interface BlockView {
  readonly header: string;
  readonly lines: readonly string[];
  readonly origin?: FileWhere;
}

/** A file of ours: content as text, or from a template of `templates/linux-common`. */
export interface FileView {
  readonly path: string;
  readonly mode: string;
  readonly owner?: string;
  readonly content: string;
  readonly origin?: FileWhere;
}

/** Fills a template into the text of a file. */
export function fileText(platform: string, template: string, view: TemplateView): string {
  return fillTemplate(platform, template, view).config;
}

/** Tabs are control characters to templates, and content to files: they travel as a letter that nobody types. */
const TAB = "\ue009";

/** Makes the block of a file. */
export function fileBlock(file: FileView): BlockView {
  const content = file.content.endsWith("\n") || file.content === "" ? file.content : `${file.content}\n`;
  const name = /^\/etc\/cron\.d\/([\w-]+)$/.exec(file.path)?.[1];
  return {
    header: name === undefined ? `file ${file.path}` : `cron ${name}`,
    lines: [
      `owner ${file.owner ?? "root:root"}`,
      `mode ${file.mode.padStart(4, "0")}`,
      ...contentChildren(content).map((line) => line.replaceAll("\t", TAB)),
    ],
    ...(file.origin ? { origin: file.origin } : {}),
  };
}

/** Gives the tabs of file content back to a rendered text. */
export function restoreTabs(config: string): string {
  return config.replaceAll(TAB, "\t");
}

const common = (template: string, view: TemplateView) => fileText("linux-common", template, view);

/** Blocks that every Linux device of ours has: name, time, logs, resolver, logins.
 *  @param readScript - shell of a reading, for a read-only login that may run nothing else as root */
export function hostBlocks(intent: DeviceIntent, readScript: string, refusals: Refusals): BlockView[] {
  const { system, origin } = intent;
  const own = ownAddresses(intent);
  const ntp = system.ntp.filter((address) => !own.has(address));
  const syslog = system.syslog.filter((address) => !own.has(address));
  const files: FileView[] = [];
  const add = (path: string, template: string, view: TemplateView, mode = "0644") =>
    files.push({ path, mode, content: common(template, view), origin });
  if (ntp.length > 0) add("/etc/chrony/sources.d/sitewright.sources", "chrony", { servers: ntp });
  if (syslog.length > 0)
    add("/etc/rsyslog.d/90-sitewright.conf", "rsyslog", { targets: syslog.map(bracketless) });
  if (system.dns.length > 0)
    add("/etc/resolv.conf", "resolv", { domains: system.domain ? [system.domain] : [], servers: system.dns });
  if (system.idleTimeoutMinutes > 0)
    add("/etc/profile.d/sitewright-idle.sh", "idle", { seconds: system.idleTimeoutMinutes * 60 });
  if (system.banner !== undefined)
    files.push({ path: "/etc/issue.net", mode: "0644", content: system.banner, origin });
  const admins = system.users.filter((user) => user.role === "admin").map((user) => user.name);
  if (admins.length > 0) add("/etc/sudoers.d/sitewright", "sudoers", { admins }, "0440");
  files.push(...readerFiles(intent, readScript));
  if (system.snmp) refusals.refuse("SNMP", "Leave snmp out for Linux devices; watch them by syslog.", origin);
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$/.test(system.hostname))
    refusals.refuse(`the host name "${system.hostname}"`, "Use letters, digits, dots and dashes.", origin);
  return [
    { header: `hostname ${system.hostname}`, lines: [], origin },
    { header: `timezone ${system.timezone}`, lines: [], origin },
    ...files.map(fileBlock),
    ...system.users.map((user) => accountBlock(user, refusals)),
  ];
}

/** What lets a read-only login plan and find drift: it may run one script as root, and that one only reads. */
function readerFiles(intent: DeviceIntent, readScript: string): FileView[] {
  const { readOnly, user } = intent.management;
  if (readOnly === undefined || readOnly.user === user) return [];
  const lines = readScript.replaceAll("\t", TAB).split("\n");
  const sudoers = common("sudoers-read", { user: readOnly.user });
  return [
    { path: READER, mode: "0755", content: restoreTabs(common("reader", { lines })), origin: intent.origin },
    { path: "/etc/sudoers.d/sitewright-read", mode: "0440", content: sudoers, origin: intent.origin },
  ];
}

/** A server that asked itself for the time, or sent its logs to itself, would go in circles. */
function ownAddresses(intent: DeviceIntent): ReadonlySet<string> {
  const interfaces = [...intent.interfaces, ...intent.gateways].flatMap(({ addresses }) => addresses);
  return new Set([intent.management.address, ...interfaces.map((text) => text.split("/")[0] ?? "")]);
}

function bracketless(address: string): string {
  return address.replace(/^\[|\]$/g, "");
}

/** Names that belong to the system: an inventory that lists one would take a daemon's account over. */
const RESERVED =
  /^(root|daemon|bin|sys|sync|man|lp|mail|news|uucp|proxy|www-data|backup|list|irc|nobody|sshd|_\w*|systemd-.*)$/;

function accountBlock(user: UserIntent, refusals: Refusals): BlockView {
  if (!/^[a-z_][a-z0-9_-]{0,30}$/.test(user.name) || RESERVED.test(user.name))
    refusals.refuse(
      `an account "${user.name}"`,
      "Use a name of lower-case letters and digits that the system does not use itself.",
      user.origin,
    );
  const password = user.password === undefined ? "locked" : secretPlaceholder(user.password);
  const keys = [...new Set(user.keys.map(plainKey))];
  return {
    header: `account ${user.name}`,
    lines: [
      "shell /bin/bash",
      ...(user.role === "admin" ? ["groups sudo"] : []),
      `password ${password}`,
      ...keys.map((key) => `key ${key}`),
    ],
    origin: user.origin,
  };
}

/** Files that nobody but us writes: one that the inventory no longer wants goes. */
const ALWAYS_OURS = [
  "file /etc/chrony/sources.d/sitewright.sources",
  "file /etc/rsyslog.d/90-sitewright.conf",
  "file /etc/sudoers.d/sitewright",
  "file /etc/sudoers.d/sitewright-read",
  "file /etc/profile.d/sitewright-idle.sh",
  "file /etc/dnsmasq.d/sitewright.conf",
  "file /etc/ssh/sshd_config.d/00-sitewright.conf",
  "file /etc/sitewright/**",
  "file /usr/local/sbin/sitewright-**",
  "cron sitewright-**",
];

/** Claims on the blocks that we render: each by its header, with the value of single settings left open. */
export function blockClaims(blocks: readonly BlockView[]): (readonly string[])[] {
  const paths = blocks.map(({ header }) => {
    const [kind, name] = header.split(" ");
    if (kind === "hostname" || kind === "timezone") return `${kind} **`;
    if (kind === "sysctl") return `sysctl ${name} *`;
    return header;
  });
  return [...new Set([...paths, "account **", ...ALWAYS_OURS])].map((path) => [path]);
}
