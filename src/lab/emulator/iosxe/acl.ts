import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { Section } from "../cli/section.ts";
import type { Rule, RuleCall, ViewTable } from "../cli/view.ts";
import { matchesWildcard } from "../ipv4.ts";
import { type Ace, type AceEnd, readExtended, readStandard } from "./ace.ts";
import { ACL, type IosConfig } from "./config.ts";

type Call = RuleCall<IosConfig>;

const ENTRY = "entry";
const STEP = 10;

/** Entries of a list in order: sequence number and text. */
export function entriesOf(list: Section): readonly (readonly [sequence: number, text: string])[] {
  return list
    .all(ENTRY)
    .map(([key, text]) => [Number(key), text] as const)
    .sort(([a], [b]) => a - b);
}

/** Reads an entry in the manner of the list's kind. */
function readEntry(list: Section, text: string): Ace | { readonly at: number; readonly incomplete: boolean } {
  return list.view === "acl-standard" ? readStandard(text) : readExtended(text);
}

function addEntry(call: Call): Outcome {
  const { section, values } = call;
  const typed = values.rest ?? "";
  const ace = readEntry(section, `${values.action} ${typed}`);
  if ("at" in ace) return refuseAce(call, ace);
  return place(section, values.sequence, ace.text, true);
}

function place(section: Section, sequence: string | undefined, text: string, unique: boolean): Outcome {
  const entries = entriesOf(section);
  if (unique && entries.some(([, other]) => other === text)) {
    return sequence === undefined ||
      entries.some(([number, other]) => String(number) === sequence && other === text)
      ? DONE
      : refusal("% Duplicate sequence number\n");
  }
  if (sequence !== undefined && section.get(ENTRY, sequence) !== undefined) {
    return refusal("% Duplicate sequence number\n");
  }
  const last = entries.at(-1)?.[0] ?? 0;
  const next = Math.floor(last / STEP) * STEP + STEP;
  section.put(ENTRY, text, sequence ?? String(next));
  return DONE;
}

/** The caret of an entry points into the line as typed; where that is, the shell works out from `caret`. */
function refuseAce(call: Call, fault: { readonly at: number; readonly incomplete: boolean }): Outcome {
  const before = call.values.sequence === undefined ? 0 : (call.values.sequence ?? "").length + 1;
  if (fault.incomplete) return { refused: true, output: "% Incomplete command.\n" };
  return { refused: true, caret: before + fault.at };
}

function dropEntry(call: Call): Outcome {
  const { section, values } = call;
  const ace = readEntry(section, `${values.action} ${values.rest ?? ""}`);
  if ("at" in ace) return refuseAce(call, ace);
  return dropText(section, ace.text);
}

function dropText(section: Section, text: string): Outcome {
  const found = entriesOf(section).find(([, other]) => other === text);
  if (found !== undefined) section.drop(ENTRY, String(found[0]));
  return DONE;
}

function dropSequence(call: Call): Outcome {
  const gone = call.section.drop(ENTRY, call.values.sequence ?? "");
  return gone ? DONE : refusal("% Specified entry does not exist.\n");
}

/** Lines of an access list. */
export const ACL_TABLE: ViewTable<IosConfig> = [
  {
    id: ENTRY,
    p: "[<sequence:1-2147483647>] <action:permit|deny> <rest:line>",
    no: "<action:permit|deny> <rest:line>",
    sort: (a, b) => Number(a) - Number(b),
    set: addEntry,
    unset: dropEntry,
    print: (text, key) => [`${key} ${text}`],
  },
  {
    id: "remark",
    p: "[<sequence:1-2147483647>] remark <text:line>",
    no: "remark <text:line>",
    set: (call) => place(call.section, call.values.sequence, `remark ${call.values.text}`, false),
    unset: (call) => dropText(call.section, `remark ${call.values.text}`),
  },
  {
    id: "by number",
    p: "<sequence:1-2147483647>",
    no: "<sequence:1-2147483647> [<rest:line>]",
    set: () => refusal("% Incomplete command.\n"),
    unset: dropSequence,
  },
];

function openList(kind: "standard" | "extended", name: string, config: IosConfig): Outcome {
  const numbered = numberedKind(name);
  if (/^\d+$/.test(name) && numbered !== kind) return refusal("% Invalid access list name.\n");
  const found = config.acl(name);
  const view = `acl-${kind}`;
  if (found !== undefined && found.view !== view) {
    return refusal(`% A named ${found.view.slice(4)} IP access list with this name already exists\n`);
  }
  return { opened: [found ?? config.root.open(ACL, name, view, `ip access-list ${kind} ${name}`)] };
}

function numberedKind(name: string): "standard" | "extended" | undefined {
  const number = Number(name);
  if (number <= 99 || (number >= 1300 && number <= 1999)) return "standard";
  return number <= 199 || (number >= 2000 && number <= 2699) ? "extended" : undefined;
}

function numberedEntry(call: Call): Outcome {
  const { number = "", action = "", rest = "" } = call.values;
  const kind = numberedKind(number);
  const opened = kind === undefined ? undefined : openList(kind, number, call.state).opened?.[0];
  if (opened === undefined) return refusal("% Invalid access list number\n");
  if (action === "remark") return place(opened, undefined, `remark ${rest}`, false);
  const outcome = addEntry({ ...call, section: opened, values: { action, rest } });
  if (entriesOf(opened).length === 0) call.state.root.close(ACL, number);
  return outcome.caret === undefined
    ? outcome
    : { ...outcome, caret: outcome.caret + `access-list ${number} `.length };
}

function resequence(call: Call): Outcome {
  const list = call.state.acl(call.values.name ?? "");
  if (list === undefined) return refusal("% Access list does not exist\n");
  const entries = entriesOf(list);
  list.dropAll(ENTRY);
  let number = Number(call.values.start);
  for (const [, text] of entries) {
    list.put(ENTRY, text, String(number));
    number += Number(call.values.step);
  }
  return DONE;
}

/** The commands that make, number and delete access lists. */
export const ACL_RULES: readonly Rule<IosConfig>[] = [
  {
    id: ACL,
    p: "ip access-list <kind:standard|extended> <name:word>",
    keys: ["name"],
    sort: (a, b) => listOrder(a) - listOrder(b),
    set: (call) =>
      openList(call.values.kind === "standard" ? "standard" : "extended", call.values.name ?? "", call.state),
  },
  {
    id: "resequence",
    p: "ip access-list resequence <name:word> <start:1-2147483647> <step:1-2147483647>",
    no: null,
    set: resequence,
  },
  {
    id: "numbered",
    p: "access-list <number:1-2699> <action:permit|deny|remark> <rest:line>",
    no: "access-list <number:1-2699> [<rest:line>]",
    set: numberedEntry,
    unset: (call) => {
      call.state.root.close(ACL, call.values.number ?? "");
      return DONE;
    },
  },
];

/** Numbered lists print before named ones. */
function listOrder(name: string): number {
  return /^\d+$/.test(name) ? Number(name) - 10_000 : 0;
}

/** A packet to be judged. */
export interface Packet {
  readonly protocol: "tcp" | "udp";
  readonly source: string;
  readonly target: string;
  readonly port: number;
}

/** Tells whether a list lets a packet pass; a list that does not exist, or is empty, lets everything pass. */
export function lets(list: Section | undefined, packet: Packet): boolean {
  if (list === undefined) return true;
  const aces = entriesOf(list).flatMap(([, text]) => {
    const ace = text.startsWith("remark ") ? undefined : readEntry(list, text);
    return ace === undefined || "at" in ace ? [] : [ace];
  });
  if (aces.length === 0) return true;
  const hit = aces.find((ace) => fits(ace, packet));
  return hit?.action === "permit";
}

function fits(ace: Ace, packet: Packet): boolean {
  if (ace.protocol !== "ip" && ace.protocol !== packet.protocol) return false;
  if (ace.established || ace.source.ports !== undefined) return false;
  return endFits(ace.source, packet.source) && endFits(ace.target, packet.target, packet.port);
}

function endFits(end: AceEnd, address: string, port?: number): boolean {
  if (!matchesWildcard(address, end.address, end.wildcard)) return false;
  if (end.ports === undefined || port === undefined) return true;
  const within = port >= end.ports[0] && port <= end.ports[1];
  return end.except === true ? !within : within;
}
