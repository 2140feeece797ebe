import type { ChangeStep, ConfigNode } from "../../planner/config/types.ts";
import type { ArmRequest, DeviceSession, RunningState } from "../driver.ts";
import { DeviceError } from "../driver.ts";
import { canonicalText } from "../linux-common/block-change.ts";
import { saveBootState } from "../linux-common/boot-state.ts";
import { makeNode, parseCanonical, printNodes } from "../linux-common/canonical.ts";
import { hostCommands } from "../linux-common/host-commands.ts";
import { decodeAccounts, decodeFacts, decodeFiles, factBlocks } from "../linux-common/host-decode.ts";
import { type LinuxPlatform, openLinuxSession } from "../linux-common/linux-session.ts";
import { decodeAddresses, decodeRoutes } from "../linux-common/network-read.ts";
import { type RemoteShell, readSections } from "../linux-common/remote-script.ts";
import type { DeviceTarget } from "../transport/types.ts";
import { change } from "./change.ts";
import { decodeFlows, decodeSwitch } from "./decode.ts";
import { compare, GRAMMAR } from "./parse.ts";
import { PARTS, READ_SCRIPT } from "./reading.ts";

const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];
const NEEDED = ["bridges", "ports", "interfaces", "mirrors", "addresses"] as const;

const OPENVSWITCH: LinuxPlatform = {
  read,
  stepScript: (step) => step.commands.join("\n"),
  undo,
  saveScript,
  compare: (before, after) => compare(before, after, { kind: "full" }),
};

/** Opens a conversation with an Open vSwitch switch.
 *  @throws DeviceError */
export function openSession(target: DeviceTarget): Promise<DeviceSession> {
  return openLinuxSession(target, OPENVSWITCH);
}

async function read(shell: RemoteShell): Promise<RunningState> {
  const output = await shell.read(READ_SCRIPT, "read the switch");
  const parts = readSections(output, NAMES);
  for (const name of NEEDED)
    if (parts[name].code !== 0)
      throw new DeviceError("refused", shell.device, `${shell.device} refused to show its ${name}`, {
        command: PARTS[name],
        reply: parts[name].text.slice(0, 500),
      });
  const facts = decodeFacts(parts.facts.text);
  const ports = decodeSwitch({
    bridges: parts.bridges.text,
    ports: parts.ports.text,
    interfaces: parts.interfaces.text,
    mirrors: parts.mirrors.text,
    links: parts.addresses.text,
  });
  const nodes = [
    ...factBlocks(facts),
    ...ports,
    ...decodeFlows(parts.flows.text),
    ...addressed(decodeAddresses(parts.addresses.text)),
    ...decodeRoutes(parts.routes.text, parts.routes6.text),
    ...decodeFiles(parts.files.text),
    ...decodeAccounts(parts.accounts.text),
  ];
  const text = canonicalText(printNodes(nodes), GRAMMAR);
  const volatile = printNodes(volatileNodes(text, parts.owned.text.split("\n")));
  return {
    text,
    saved: volatile.trim() === parts.saved.text.trim() ? "same" : "differs",
    readAt: new Date().toISOString(),
    facts: {
      hostname: facts.hostname,
      version: `${parts.version.text.trim()}, ${facts.version}`,
      ...(facts.serial === "" ? {} : { serial: facts.serial }),
    },
  };
}

/** A link without an address is told by its port's block, or says nothing that concerns a switch. */
function addressed(links: readonly ConfigNode[]): ConfigNode[] {
  return links.filter(({ children }) => children.some(({ key }) => key.startsWith("address ")));
}

/** What OVSDB does not keep: whether a link is up, addresses and routes. */
function volatileNodes(text: string, owned: readonly string[]): ConfigNode[] {
  const ours = parseCanonical(text, GRAMMAR).nodes.filter(({ key }) => owned.includes(key));
  return ours.flatMap((node) => {
    if (/^(interface|route) /.test(node.key)) return [node];
    const name = /^(?:port|local) (\S+)$/.exec(node.key)?.[1];
    if (name === undefined) return [];
    const keys = node.children.map((child) => child.key);
    const members = keys
      .find((key) => key.startsWith("members "))
      ?.slice(8)
      .split(",");
    const state = keys.includes("admin up") ? "up" : "down";
    return (members ?? [name]).map((link) => makeNode(`interface ${link}`, [state]));
  });
}

function undo({ running, change: done }: ArmRequest): readonly ChangeStep[] {
  return change(done.predicted, running, { scope: { kind: "full" } }).steps;
}

function saveScript(running: string, owned: readonly string[]): string {
  return saveBootState(
    volatileNodes(running, owned),
    (node) => hostCommands({ header: node.key, before: undefined, after: node }) ?? [],
  );
}
