import type { ChangeStep, ConfigNode } from "../../planner/config/types.ts";
import type { ArmRequest, DeviceSession, RunningState } from "../driver.ts";
import { DeviceError } from "../driver.ts";
import { canonicalText } from "../linux-common/block-change.ts";
import { saveBootState } from "../linux-common/boot-state.ts";
import { parseCanonical, printBraced, printNodes } from "../linux-common/canonical.ts";
import { hostCommands } from "../linux-common/host-commands.ts";
import { decodeAccounts, decodeFacts, decodeFiles, factBlocks } from "../linux-common/host-decode.ts";
import { type LinuxPlatform, openLinuxSession } from "../linux-common/linux-session.ts";
import { decodeAddresses, decodeRoutes, decodeSysctls } from "../linux-common/network-read.ts";
import { type RemoteShell, readSections } from "../linux-common/remote-script.ts";
import type { DeviceTarget } from "../transport/types.ts";
import { change } from "./change.ts";
import { OUR_TABLE } from "./claims.ts";
import { compare, GRAMMAR } from "./parse.ts";
import { INCLUDES_OURS, MAIN_FILE, PARTS, READ_SCRIPT, TABLE_FILE } from "./reading.ts";

const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];
const NFTABLES: LinuxPlatform = { read, stepScript, undo, saveScript, compare: compareAll };

/** Opens a conversation with a Linux firewall.
 *  @throws DeviceError */
export function openSession(target: DeviceTarget): Promise<DeviceSession> {
  return openLinuxSession(target, NFTABLES);
}

async function read(shell: RemoteShell): Promise<RunningState> {
  const output = await shell.read(READ_SCRIPT, "read the firewall");
  const parts = readSections(output, NAMES);
  for (const name of ["nft", "addresses", "routes"] as const)
    if (parts[name].code !== 0)
      throw new DeviceError("refused", shell.device, `${shell.device} refused to show its ${name}`, {
        command: PARTS[name],
        reply: parts[name].text.slice(0, 500),
      });
  const facts = decodeFacts(parts.facts.text);
  const nodes = [
    ...factBlocks(facts),
    ...decodeAddresses(parts.addresses.text),
    ...decodeRoutes(parts.routes.text, parts.routes6.text),
    ...decodeSysctls(parts.sysctls.text),
    ...decodeFiles(parts.files.text),
    ...decodeAccounts(parts.accounts.text),
  ];
  const text = canonicalText(`${printNodes(nodes)}${parts.nft.text}\n`, GRAMMAR);
  const owned = parts.owned.text.split("\n");
  return {
    text,
    saved: savedState(text, owned, {
      table: parts.table.text,
      boots: parts.boots.text,
      conf: parts.saved.text,
    }),
    readAt: new Date().toISOString(),
    facts: {
      hostname: facts.hostname,
      version: `${parts.version.text.trim()}, ${facts.version}`,
      ...(facts.serial === "" ? {} : { serial: facts.serial }),
    },
  };
}

interface Kept {
  readonly table: string;
  readonly boots: string;
  readonly conf: string;
}

/** What a reboot would bring back: our table from its file, if the main file includes it and the service starts;
 *  addresses, routes and kernel settings of ours from the boot script. Other tables are others' business. */
function savedState(text: string, owned: readonly string[], kept: Kept): RunningState["saved"] {
  const running = parseCanonical(text, GRAMMAR).nodes;
  const ours = (nodes: readonly ConfigNode[]) => printNodes(nodes.filter(({ key }) => key === OUR_TABLE));
  const volatile = printNodes(running.filter((node) => isVolatile(node.key) && owned.includes(node.key)));
  if (ours(running) !== ours(parseCanonical(kept.table, GRAMMAR).nodes)) return "differs";
  if (volatile.trim() !== kept.conf.trim()) return "differs";
  if (ours(running) === "") return "same";
  if (!kept.boots.includes("included")) return "differs";
  if (kept.boots.includes("enabled")) return "same";
  return kept.boots.includes("unknown") ? "unknown" : "differs";
}

function isVolatile(header: string): boolean {
  return /^(interface|route|sysctl) /.test(header);
}

/** Lines of a table go to nft as one file: checked first, then done whole or not at all. */
function stepScript(step: ChangeStep): string {
  if (!step.path[0]?.startsWith("table ")) return step.commands.join("\n");
  const file = "/run/sitewright/next.nft";
  return [
    "mkdir -p /run/sitewright",
    `(umask 077 && cat > ${file}) <<'SITEWRIGHT_NFT'`,
    ...step.commands,
    "SITEWRIGHT_NFT",
    `nft -c -f ${file}`,
    `nft -f ${file}`,
    `rm -f ${file}`,
  ].join("\n");
}

function undo({ running, change: done }: ArmRequest): readonly ChangeStep[] {
  return change(done.predicted, running, { scope: { kind: "full" } }).steps;
}

function compareAll(before: string, after: string) {
  return compare(before, after, { kind: "full" });
}

function saveScript(running: string, owned: readonly string[]): string {
  const nodes = parseCanonical(running, GRAMMAR).nodes;
  const table = nodes.find(({ key }) => key === OUR_TABLE);
  const volatile = nodes.filter((node) => isVolatile(node.key) && owned.includes(node.key));
  return [
    table === undefined ? `rm -f ${TABLE_FILE}` : keepTable(table),
    saveBootState(
      volatile,
      (node) => hostCommands({ header: node.key, before: undefined, after: node }) ?? [],
    ),
  ].join("\n");
}

function keepTable(table: ConfigNode): string {
  const name = table.key.slice("table ".length);
  return [
    "mkdir -p /etc/nftables.d",
    `(umask 077 && cat > ${TABLE_FILE}.sitewright) <<'SITEWRIGHT_NFT'`,
    `add table ${name}`,
    `delete table ${name}`,
    ...printBraced(table, 0),
    "SITEWRIGHT_NFT",
    `nft -c -f ${TABLE_FILE}.sitewright`,
    `mv -f ${TABLE_FILE}.sitewright ${TABLE_FILE}`,
    `[ -e ${MAIN_FILE} ] || printf '#!/usr/sbin/nft -f\\nflush ruleset\\n' > ${MAIN_FILE}`,
    `if ! ${INCLUDES_OURS}; then`,
    `cp -a ${MAIN_FILE} ${MAIN_FILE}.sitewright`,
    `printf '\\ninclude "%s"\\n' ${TABLE_FILE} >> ${MAIN_FILE}.sitewright`,
    `nft -c -f ${MAIN_FILE}.sitewright`,
    `mv -f ${MAIN_FILE}.sitewright ${MAIN_FILE}`,
    "fi",
    "if command -v systemctl >/dev/null; then systemctl -q enable nftables; fi",
  ].join("\n");
}
