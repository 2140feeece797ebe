import { type ArgReader, type ArgTypes, type Command, command, isMatch, matchLine } from "../cli/grammar.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { RuleCall, ViewTable } from "../cli/view.ts";
import { TCP_NAMES, UDP_NAMES } from "./ace.ts";
import { IOS_ARGS } from "./args.ts";
import type { IosConfig } from "./config.ts";

type Call = RuleCall<IosConfig>;

const ENTRY = "entry";
const STEP = 10;

/** Reads a port by number or name; the name prints where there is one. */
function portArg(names: Readonly<Record<number, string>>): ArgReader {
  return (tokens, index) => {
    const text = (tokens[index]?.text ?? "").toLowerCase();
    if (/^\d{1,5}$/.test(text))
      return Number(text) > 65_535 ? undefined : { value: names[Number(text)] ?? text, count: 1 };
    return Object.values(names).includes(text) ? { value: text, count: 1 } : undefined;
  };
}

const ARGS: ArgTypes = { ...IOS_ARGS, tcpPort: portArg(TCP_NAMES), udpPort: portArg(UDP_NAMES) };
const END = (side: string): string => `{any|host <${side}host:ipv6>|<${side}net:prefix6>}`;
const PORTS = (side: string, type: string): string =>
  `[{{eq|neq|gt|lt} <${side}port:${type}>|range <${side}low:${type}> <${side}high:${type}>}]`;

const ENTRIES: readonly Command<"ace">[] = ["tcp", "udp"]
  .map((protocol) =>
    command(
      `{permit|deny} ${protocol} ${END("s")} ${PORTS("s", `${protocol}Port`)} ${END("d")} ${PORTS("d", `${protocol}Port`)} [established] [{log|log-input}]`,
      ARGS,
      "ace" as const,
    ),
  )
  .concat(
    command(
      `{permit|deny} {ipv6|icmp|esp|ahp|pcp|<number:0-255>} ${END("s")} ${END("d")} [{log|log-input}]`,
      ARGS,
      "ace" as const,
    ),
    command(
      `{permit|deny} icmp ${END("s")} ${END("d")} {nd-na|nd-ns|echo-request|echo-reply|packet-too-big|router-advertisement|router-solicitation} [log]`,
      ARGS,
      "ace" as const,
    ),
  );

function place(call: Call, text: string): Outcome {
  const kept = call.section.all(ENTRY);
  const { sequence } = call.values;
  if (sequence === undefined && kept.some(([, other]) => other === text)) return DONE;
  if (sequence !== undefined && call.section.get(ENTRY, sequence) === text) return DONE;
  if (sequence !== undefined && call.section.get(ENTRY, sequence) !== undefined) {
    return refusal("% Duplicate sequence number\n");
  }
  const last = Math.max(0, ...kept.map(([key]) => Number(key)));
  call.section.put(ENTRY, text, sequence ?? String((Math.floor(last / STEP) + 1) * STEP));
  return DONE;
}

function addEntry(call: Call): Outcome {
  const match = matchLine(`${call.values.action} ${call.values.rest}`, ENTRIES);
  if (isMatch(match)) return place(call, match.text);
  if (match.kind === "incomplete") return refusal("% Incomplete command.\n");
  const before = call.values.sequence === undefined ? 0 : `sequence ${call.values.sequence} `.length;
  return { refused: true, caret: before + match.at };
}

function dropText(call: Call, text: string): Outcome {
  const found = call.section.all(ENTRY).find(([, other]) => other === text);
  if (found !== undefined) call.section.drop(ENTRY, found[0]);
  return DONE;
}

function dropEntry(call: Call): Outcome {
  const match = matchLine(`${call.values.action} ${call.values.rest}`, ENTRIES);
  return isMatch(match) ? dropText(call, match.text) : refusal("% Incomplete command.\n");
}

/** Lines of an IPv6 access list. */
export const ACL6_TABLE: ViewTable<IosConfig> = [
  {
    id: ENTRY,
    p: "[sequence <sequence:1-4294967294>] <action:permit|deny> <rest:line>",
    no: "<action:permit|deny> <rest:line>",
    sort: (a, b) => Number(a) - Number(b),
    set: addEntry,
    unset: dropEntry,
    print: (text, key) => [`sequence ${key} ${text}`],
  },
  {
    id: "remark",
    p: "[sequence <sequence:1-4294967294>] remark <text:line>",
    no: "remark <text:line>",
    set: (call) => place(call, `remark ${call.values.text}`),
    unset: (call) => dropText(call, `remark ${call.values.text}`),
  },
  {
    id: "by number",
    p: "sequence <sequence:1-4294967294>",
    no: "sequence <sequence:1-4294967294> [<rest:line>]",
    set: () => refusal("% Incomplete command.\n"),
    unset: (call) =>
      call.section.drop(ENTRY, call.values.sequence) ? DONE : refusal("% Specified entry does not exist.\n"),
  },
];
