import type { Finding } from "../../model/finding.ts";
import type { Change, ChangeOptions, ChangeStep } from "../../planner/config/types.ts";
import { type BlockPair, type BlockSpeller, changeBlocks } from "../linux-common/block-change.ts";
import { hostCommands } from "../linux-common/host-commands.ts";
import { withReloads } from "../linux-common/reloads.ts";
import { redactHostText } from "../linux-common/secrets.ts";
import { inlineDocument, quote } from "../linux-common/shell-quote.ts";
import { GRAMMAR } from "./parse.ts";

/** Seconds that ovs-vsctl waits for the switch to take a transaction. */
const WAIT_SECONDS = 20;

const RANKS: Readonly<Record<string, number>> = {
  file: 10,
  cron: 10,
  account: 15,
  hostname: 18,
  timezone: 18,
  bridge: 20,
  port: 21,
  local: 21,
  flows: 22,
  interface: 30,
  route: 40,
};

/** Marks of what a block's words become: a clause of the one transaction, or a link set before or after it. */
const CLAUSE = "clause ";
const DOWN = "down ";
const UP = "up ";

const SPELLER: BlockSpeller = {
  grammar: GRAMMAR,
  rank: (pair) => (RANKS[pair.header.split(" ")[0] ?? ""] ?? 60) + (pair.after === undefined ? -0.5 : 0),
  commands,
  supersedes: (header) => (header.startsWith("account ") ? `login ${header.slice(8)}` : undefined),
  group: (steps) => withReloads(oneTransaction(steps)),
  remark: accessFindings,
};

/** Computes what brings a switch from running to intended: one OVSDB transaction for all bridges and ports; links
 *  that go down do so before it, links that come up after it. Links are the kernel's, not OVSDB's: their state is no
 *  part of the transaction, and a reboot is answered by a boot script. Pure. */
export function change(running: string, intended: string, options: ChangeOptions): Change {
  return changeBlocks(running, intended, options, SPELLER);
}

/** Takes secrets out, keeps structure. */
export function redact(text: string): string {
  return redactHostText(text);
}

function commands(pair: BlockPair): readonly string[] {
  const [kind, name = ""] = pair.header.split(" ");
  if (kind === "bridge") return bridgeClauses(name, pair).map((clause) => CLAUSE + clause);
  if (kind === "port" || kind === "local") return portWords(name, pair);
  if (kind === "flows") return flowCommands(name, pair);
  return hostCommands(pair) ?? [];
}

/** All flows of a bridge at once, as one bundle. */
function flowCommands(bridge: string, { after }: BlockPair): string[] {
  if (after === undefined) return [];
  const flows = after.children.map(({ key }) => key.replace(/\s+actions=/, ",actions="));
  return inlineDocument(`ovs-ofctl --bundle replace-flows ${quote(bridge)} -`, flows);
}

function settingsOf(pair: BlockPair, side: "before" | "after"): (word: string) => string | undefined {
  const keys = pair[side]?.children.map((child) => child.key) ?? [];
  return (word) => keys.find((key) => key.startsWith(`${word} `))?.slice(word.length + 1);
}

function bridgeClauses(name: string, pair: BlockPair): string[] {
  if (pair.after === undefined) return [`--if-exists del-br ${quote(name)}`];
  const bridge = quote(name);
  const wanted = settingsOf(pair, "after");
  const priority = wanted("priority");
  return [
    ...(pair.before === undefined ? [`--may-exist add-br ${bridge}`] : []),
    `set Bridge ${bridge} rstp_enable=${wanted("rstp") === "yes"}`,
    priority === undefined
      ? `remove Bridge ${bridge} other_config rstp-priority`
      : `set Bridge ${bridge} other_config:rstp-priority=${priority}`,
  ];
}

function portWords(name: string, pair: BlockPair): string[] {
  const port = quote(name);
  const was = settingsOf(pair, "before");
  const bridge = quote(was("bridge") ?? settingsOf(pair, "after")("bridge") ?? "br0");
  const isLocal = pair.header.startsWith("local ");
  if (pair.after === undefined)
    return [
      CLAUSE +
        (isLocal ? `clear Port ${port} vlan_mode tag trunks` : `--if-exists del-port ${bridge} ${port}`),
    ];
  const wanted = settingsOf(pair, "after");
  const words = portClauses(name, pair).map((clause) => CLAUSE + clause);
  const admin = wanted("admin");
  if (admin !== was("admin"))
    for (const member of wanted("members")?.split(",") ?? [name])
      words.push(
        `${admin === "down" && pair.before !== undefined ? DOWN : UP}ip link set dev ${quote(member)} ${admin ?? "up"}`,
      );
  return words;
}

/** Every column of ours is written, so that a port is the wanted one whatever it was. */
function portClauses(name: string, pair: BlockPair): string[] {
  const port = quote(name);
  const wanted = settingsOf(pair, "after");
  const was = settingsOf(pair, "before");
  const bridge = quote(wanted("bridge") ?? "br0");
  const members = wanted("members")?.split(",") ?? [];
  const isNew =
    pair.before === undefined || was("members") !== wanted("members") || was("bridge") !== wanted("bridge");
  const clauses: string[] = [];
  if (isNew && pair.before !== undefined)
    clauses.push(`--if-exists del-port ${quote(was("bridge") ?? "br0")} ${port}`);
  if (isNew && !pair.header.startsWith("local "))
    clauses.push(
      members.length > 1
        ? `--may-exist add-bond ${bridge} ${port} ${members.map(quote).join(" ")}`
        : `--may-exist add-port ${bridge} ${port}`,
    );
  const set = [
    wanted("vlan_mode") && `vlan_mode=${wanted("vlan_mode")}`,
    wanted("tag") && `tag=${wanted("tag")}`,
  ];
  set.push(wanted("trunks") && `trunks=${wanted("trunks")}`);
  set.push(
    wanted("lacp") && `lacp=${wanted("lacp")}`,
    wanted("bond_mode") && `bond_mode=${wanted("bond_mode")}`,
  );
  const description = wanted("description");
  set.push(description && quote(`external_ids:description=${description}`));
  set.push(wanted("edge") && "other_config:rstp-port-admin-edge=true");
  const given = set.filter((word): word is string => typeof word === "string" && word !== "");
  const cleared = ["vlan_mode", "tag", "trunks"].filter((column) => wanted(column) === undefined);
  if (cleared.length > 0) clauses.push(`clear Port ${port} ${cleared.join(" ")}`);
  if (given.length > 0) clauses.push(`set Port ${port} ${given.join(" ")}`);
  if (description === undefined) clauses.push(`remove Port ${port} external_ids description`);
  if (wanted("edge") === undefined) clauses.push(`remove Port ${port} other_config rstp-port-admin-edge`);
  const type = wanted("type");
  const options = pair.after?.children.flatMap(({ key }) =>
    key.startsWith("option ") ? [`options:${key.slice(7)}`] : [],
  );
  if (type !== undefined)
    clauses.push(["set Interface", port, `type=${type}`, ...(options ?? []).map(quote)].join(" "));
  if (wanted("mtu") !== was("mtu"))
    clauses.push(
      wanted("mtu")
        ? `set Interface ${port} mtu_request=${wanted("mtu")}`
        : `clear Interface ${port} mtu_request`,
    );
  return clauses;
}

/** Brings the clauses of all bridges and ports into one `ovs-vsctl`, which OVSDB takes whole or not at all. */
function oneTransaction(steps: readonly ChangeStep[]): readonly ChangeStep[] {
  const all = steps.flatMap((step) => step.commands.map((command) => ({ step, command })));
  const isOurs = ({ command }: { command: string }) => /^(clause|down|up) /.test(command);
  const ours = all.filter(isOurs);
  if (ours.length === 0) return steps;
  const links = (mark: string): ChangeStep[] =>
    ours
      .filter(({ command }) => command.startsWith(mark))
      .map(({ step, command }) => ({ ...step, commands: [command.slice(mark.length)] }));
  const clauses = ours.filter(({ command }) => command.startsWith(CLAUSE));
  const first = clauses[0];
  const transaction: ChangeStep[] =
    first === undefined
      ? []
      : [
          {
            path: first.step.path,
            commands: [
              [
                "ovs-vsctl",
                "-t",
                WAIT_SECONDS,
                ...clauses.map(({ command }) => `-- ${command.slice(CLAUSE.length)}`),
              ].join(" "),
            ],
            reason: `one transaction: ${[...new Set(clauses.map(({ step }) => step.path[0]))].join(", ")}`,
          },
        ];
  const at = steps.findIndex((step) => step.commands.some((command) => isOurs({ command })));
  const others = (list: readonly ChangeStep[]) =>
    list.filter((step) => !step.commands.some((command) => isOurs({ command })));
  return [
    ...others(steps.slice(0, at)),
    ...links(DOWN),
    ...transaction,
    ...links(UP),
    ...others(steps.slice(at)),
  ];
}

/** Which port the operator sits behind is not in a switch's text. */
function accessFindings(pairs: readonly BlockPair[], { management }: ChangeOptions): readonly Finding[] {
  if (!pairs.some(({ header }) => /^(bridge|port|local|interface|route) /.test(header))) return [];
  const from = management === undefined ? "" : ` from ${management}`;
  return [
    {
      code: "CHG-ACCESS",
      severity: "warning",
      message: `management access${from} was not proved: a switch does not tell which port it comes by`,
      hint: "The dead-man undoes the push if it is cut.",
      where: { device: "openvswitch" },
    },
  ];
}
