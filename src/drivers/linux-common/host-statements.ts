import type { StatementRule } from "./canonical.ts";

const ADDRESS = /^address [0-9a-fA-F.:]+\/\d{1,3}$/;
const CONTENT = /^\|/;
const FILE_CHILDREN = [
  /^owner [\w.-]+:[\w.-]+$/,
  /^mode [0-7]{4}$/,
  /^no-newline$/,
  /^altered \S+$/,
  CONTENT,
];

const firstWord = (child: string): string => child.split(" ")[0] ?? child;
const fileIdentity = (child: string): string => (child.startsWith("|") ? child : firstWord(child));

/** What any Linux host of ours may say in its canonical text; a platform takes the rules that it speaks. */
export const HOST_STATEMENTS = {
  hostname: { header: /^hostname [A-Za-z0-9][A-Za-z0-9.-]*$/, children: [], slot: firstWord },
  timezone: { header: /^timezone [A-Za-z0-9_+/-]+$/, children: [], slot: firstWord },
  sysctl: {
    header: /^sysctl [a-z0-9_.-]+ -?\d+$/,
    children: [],
    slot: (header) => header.split(" ").slice(0, 2).join(" "),
  },
  interface: {
    header: /^interface \S+$/,
    children: [ADDRESS, /^up$/, /^down$/, /^vlan \d+ on \S+$/, /^mtu \d+$/],
    identity: (child) => (ADDRESS.test(child) ? child : firstWord(child)),
  },
  route: { header: /^route \S+( via \S+)?( dev \S+)?( metric \d+)?$/, children: [] },
  file: { header: /^file \/\S+$/, children: FILE_CHILDREN, ordered: true, identity: fileIdentity },
  cron: { header: /^cron [\w-]+$/, children: FILE_CHILDREN, ordered: true, identity: fileIdentity },
  account: {
    header: /^account [a-z_][\w-]*$/,
    children: [/^shell \/\S+$/, /^groups [\w,-]+$/, /^key \S+ \S+( .*)?$/, /^password .+$/, /^uid \d+$/],
    identity: (child) => (child.startsWith("key ") ? child : firstWord(child)),
  },
  login: {
    header: /^login [a-z_][\w.-]*$/,
    children: [/^shell \/\S+$/, /^groups [\w,-]+$/, /^key \S+ \S+( .*)?$/, /^password .+$/, /^uid \d+$/],
    identity: (child) => (child.startsWith("key ") ? child : firstWord(child)),
  },
  package: { header: /^package [a-z0-9][a-z0-9+.-]*$/, children: [] },
  service: { header: /^service [\w@.-]+$/, children: [/^enabled (yes|no)$/], identity: firstWord },
  sshd: { header: /^sshd$/, children: [/^[a-z0-9]+ .*$/, /^[a-z0-9]+$/], identity: firstWord },
} as const satisfies Record<string, StatementRule>;
