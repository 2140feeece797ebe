import { DONE, type Outcome } from "../cli/outcome.ts";
import type { PrintedBlock, Rule, RuleCall, ViewTable } from "../cli/view.ts";
import type { IosConfig } from "./config.ts";

type Call = RuleCall<IosConfig>;

const order = (key: string): number => (key.startsWith("con") ? -1 : Number(key.split(" ")[1] ?? 0));

/** Lines 0-4 and the rest print apart, as on every Catalyst; a range that was typed across is split. */
function openLines(call: Call): Outcome {
  const first = Number(call.values.first);
  const last = Number(call.values.last ?? call.values.first);
  if (last < first) return { refused: true, caret: `line vty ${first} `.length };
  const wanted = call.state.root.blocks("line").filter(([key]) => key.startsWith("vty"));
  const opened = [];
  for (const [low, high] of CHUNKS) {
    if (first > high || last < low) continue;
    const key = `vty ${low} ${high}`;
    const found = wanted.find(([name]) => name === key)?.[1];
    opened.push(found ?? call.state.root.open("line", key, "line", `line ${key}`));
  }
  return { opened };
}

const CHUNKS = [
  [0, 4],
  [5, 15],
  [16, 31],
] as const;

/** The command that opens terminal lines.
 *  @param id - rule name under which the lines are kept */
export function lineRules(id: string): readonly Rule<IosConfig>[] {
  return [
    {
      id,
      p: "line vty <first:0-31> [<last:0-31>]",
      no: null,
      sort: (a, b) => order(a) - order(b),
      set: openLines,
      arrange: (blocks): readonly PrintedBlock[] =>
        blocks.map((block) =>
          block.key === "con 0" ? { ...block, lines: [...block.lines, " stopbits 1"] } : block,
        ),
    },
    {
      id: "console",
      p: "line console 0",
      no: null,
      set: (call) => ({ opened: [call.state.root.open(id, "con 0", "line", "line con 0")] }),
    },
  ];
}

/** Lines of a terminal line. */
export const LINE_TABLE: ViewTable<IosConfig> = [
  { p: "session-timeout <minutes:0-35791>" },
  {
    id: "access-class",
    p: "access-class <acl:word> <way:in|out> [{vrf-also|vrfname <vrf:word>}]",
    keys: ["way"],
    no: "access-class [<acl:word>] <way:in|out> [{vrf-also|vrfname <vrf:word>}]",
  },
  {
    p: "ipv6 access-class <acl:word> <way:in|out>",
    keys: ["way"],
    no: "ipv6 access-class [<acl:word>] <way:in|out>",
  },
  { p: "exec-timeout <minutes:0-35791> [<seconds:0-2147483>]", no: "exec-timeout", set: setTimeout_ },
  { p: "privilege level <level:0-15>", standard: ["privilege level 1"] },
  { p: "password [<type:0|7>] <password:word>", no: "password [<rest:line>]" },
  { p: "authorization exec <list:word>" },
  { p: "accounting exec <list:word>" },
  { p: "logging synchronous [level <level:word>]", no: "logging synchronous" },
  {
    id: "login",
    p: "login [{local|authentication <list:word>}]",
    no: "login [{local|authentication [<list:word>]}]",
  },
  { p: "length <lines:0-512>", standard: ["length 24"] },
  { p: "history size <lines:0-256>" },
  { p: "stopbits {1|1.5|2}", set: () => DONE, no: "stopbits" },
  { p: "transport preferred {none|ssh|telnet}", no: "transport preferred" },
  {
    id: "transport input",
    p: "transport input {none|all|<kinds:line>}",
    no: "transport input [<rest:line>]",
    set: setTransport,
  },
  { p: "transport output {none|all|<kinds:line>}", no: "transport output [<rest:line>]", set: setTransport },
];

function setTimeout_(call: Call): Outcome {
  const text = `exec-timeout ${call.values.minutes} ${call.values.seconds ?? "0"}`;
  if (text === "exec-timeout 10 0") call.section.drop(call.rule.p);
  else call.section.put(call.rule.p, text);
  return DONE;
}

function setTransport(call: Call): Outcome {
  const typed = call.values.kinds;
  const start = call.text.split(" ").slice(0, 2).join(" ");
  const known = ["ssh", "telnet", "lapb-ta", "mop", "pad", "rlogin", "udptn", "v120"];
  const words = typed?.split(/\s+/).map((word) => known.find((kind) => kind.startsWith(word.toLowerCase())));
  if (words?.includes(undefined)) return { refused: true, caret: start.length + 1 };
  call.section.put(
    call.rule.id ?? call.rule.p,
    words === undefined ? call.text : `${start} ${words.join(" ")}`,
  );
  return DONE;
}
