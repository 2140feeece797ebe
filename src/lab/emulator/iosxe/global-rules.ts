import { keep } from "../cli/apply.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import { readCommaRanges, writeRuns } from "../cli/ranges.ts";
import type { Section } from "../cli/section.ts";
import type { PrintedBlock, RuleCall } from "../cli/view.ts";
import { INTERFACE, type IosConfig, LINE, VLAN } from "./config.ts";
import { interfaceName, interfaceRange, kindOf } from "./names.ts";
import { typeNine } from "./secrets.ts";

type Call = RuleCall<IosConfig>;

const MAX_ROWS_OF_RANGE = 1024;

/** AAA takes over how terminal lines log in: `login` and `login local` vanish from them. */
export function startAaa(call: Call): Outcome {
  keep(call);
  for (const [, line] of call.state.root.blocks(LINE)) {
    if (!line.get("login")?.startsWith("login authentication")) line.drop("login");
  }
  return DONE;
}

/** Opens VLANs of a list. */
export function openVlans(call: Call): Outcome {
  const ids = readCommaRanges(call.values.vlans ?? "", 1, 4094) ?? [];
  const reserved = ids.filter((id) => id >= 1002 && id <= 1005);
  if (reserved.length > 0) {
    return refusal(`% Default VLAN ${reserved[0]} may not have its name changed.\n`);
  }
  return { opened: ids.map((id) => call.state.openVlan(id)) };
}

/** Deletes VLANs; ports keep naming them and fall silent. */
export function deleteVlans(call: Call): Outcome {
  const ids = readCommaRanges(call.values.vlans ?? "", 1, 4094) ?? [];
  const fixed = ids.find((id) => id === 1 || (id >= 1002 && id <= 1005));
  if (fixed !== undefined) return refusal(`%Default VLAN ${fixed} may not be deleted.\n`);
  for (const id of ids) call.state.root.close(VLAN, String(id));
  return DONE;
}

/** VLANs that hold nothing print together, neighbours of the same run in one block. */
export function arrangeVlans(blocks: readonly PrintedBlock[]): readonly PrintedBlock[] {
  const arranged: PrintedBlock[] = [];
  let bare: number[] = [];
  const flush = (): void => {
    if (bare.length === 0) return;
    arranged.push({ key: "", header: `vlan ${writeRuns(bare, "-", 2).join(",")}`, lines: [] });
    bare = [];
  };
  for (const block of blocks) {
    if (block.key === "1") continue;
    if (block.lines.length === 0) bare.push(Number(block.key));
    else {
      flush();
      arranged.push(block);
    }
  }
  flush();
  return arranged;
}

/** Opens one interface. */
export function openOne(call: Call): Outcome {
  return openNamed(call.state, [interfaceName(call.values.name ?? "") ?? ""], call.text);
}

/** Opens interfaces by name; ports that the box has not are refused, virtual ones are made. */
export function openNamed(config: IosConfig, names: readonly string[], line: string): Outcome {
  const opened: Section[] = [];
  if (names.length > MAX_ROWS_OF_RANGE) return refusal("% Too many interfaces in the range\n");
  for (const name of names) {
    const kind = kindOf(name);
    const number = Number(name.slice(kind.length));
    const virtual =
      (kind === "Vlan" && number >= 1 && number <= 4094) ||
      (kind === "Loopback" && number >= 0) ||
      (kind === "Tunnel" && number >= 0) ||
      (kind === "Port-channel" && number >= 1 && number <= 128);
    if (!virtual && !config.isPhysical(name))
      return { refused: true, caret: line.indexOf(" ") + 1 + kind.length };
    opened.push(config.openInterface(name));
  }
  return { opened };
}

/** Deletes a virtual interface. */
export function deleteInterface(call: Call): Outcome {
  const name = interfaceName(call.values.name ?? "") ?? "";
  if (call.state.isPhysical(name)) return refusal("% Removal of physical interfaces is not permitted.\n");
  if (call.state.interface(name) === undefined)
    return refusal(`% Invalid input detected: no interface ${name}\n`);
  call.state.root.close(INTERFACE, name);
  if (kindOf(name) === "Port-channel") {
    for (const member of call.state.members(Number(name.slice(12)))) {
      call.state.interface(member)?.drop("channel-group");
    }
  }
  if (name === "Vlan1") call.state.openInterface(name).put("shutdown", "shutdown");
  return DONE;
}

/** Sets interfaces back to their defaults. */
export function resetInterface(call: Call): Outcome {
  const names =
    call.values.names === undefined ? [call.values.name ?? ""] : (interfaceRange(call.values.names) ?? []);
  let output = "";
  for (const raw of names) {
    const name = interfaceName(raw) ?? "";
    const block = call.state.interface(name);
    if (block === undefined) return refusal("% Invalid interface\n");
    block.clear();
    output += `Interface ${name} set to default configuration\n`;
  }
  return { output };
}

/** Keeps an account; a clear secret is hashed. */
export function setUser(call: Call): Outcome {
  const { name = "", level, type, secret = "" } = call.values;
  const kept = type === "9" || type === "8" || type === "5" ? secret : typeNine(secret);
  if (type === "9" && !kept.startsWith("$9$"))
    return refusal(
      "ERROR: The secret you entered is not a valid encrypted secret.\nTo enter an UNENCRYPTED secret, do not specify type 9 encryption.\nWhen you properly enter an UNENCRYPTED secret, it will be encrypted.\n",
    );
  const before = call.section.get("username", name);
  const privilege = level ?? / privilege (\d+)/.exec(before ?? "")?.[1];
  const shown = privilege === undefined || privilege === "1" ? "" : ` privilege ${privilege}`;
  const number = type === "8" || type === "5" ? type : "9";
  call.section.put("username", `username ${name}${shown} secret ${number} ${kept}`, name);
  return DONE;
}

/** Changes an account's privilege level. */
export function setUserLevel(call: Call): Outcome {
  const { name = "", level = "1" } = call.values;
  const before = call.section.get("username", name);
  if (before !== undefined && call.values.level === undefined) return DONE;
  const secret = / secret .*$/.exec(before ?? "")?.[0] ?? "";
  call.section.put(
    "username",
    `username ${name}${level === "1" ? "" : ` privilege ${level}`}${secret}`,
    name,
  );
  return DONE;
}

/** Deletes an account, after a question. */
export function deleteUser(call: Call): Outcome {
  const { name = "" } = call.values;
  if (call.section.get("username", name) === undefined) return refusal(`%ERROR: No such user ${name}\n`);
  return {
    question: {
      text: "This operation will remove all username related configurations with same name.Do you want to continue? [confirm]",
      key: true,
      yes: "\r",
      answered: (answer) => {
        if (/^[\ry\n]?$/i.test(answer)) call.section.drop("username", name);
        return DONE;
      },
    },
  };
}

/** Keeps the enable secret, hashed. */
export function setEnable(call: Call): Outcome {
  const { type, secret = "" } = call.values;
  const kept = type === undefined || type === "0" ? typeNine(secret) : secret;
  keep(call, `enable secret ${type === "8" || type === "5" ? type : "9"} ${kept}`);
  return DONE;
}

/** Reads a banner up to its delimiter. */
export function setBanner(call: Call): Outcome {
  const { kind = "", text = "" } = call.values;
  const control = text.startsWith("^C");
  const delimiter = control ? "^C" : text.slice(0, 1);
  const first = text.slice(delimiter.length);
  const finish = (body: string): Outcome => {
    call.section.put("banner", `banner ${kind} ^C${body}^C`, kind);
    return DONE;
  };
  const end = first.indexOf(delimiter);
  if (end >= 0) return finish(first.slice(0, end));
  return {
    output: `Enter TEXT message.  End with the character '${delimiter}'.\n`,
    collect: {
      until: delimiter,
      answered: (rest) => finish(`${first}\n${rest.slice(0, rest.indexOf(delimiter))}`),
    },
  };
}

/** Keeps the log buffer line; the default level does not print. */
export function setBuffered(call: Call): Outcome {
  const level = NUMBERED_LEVELS[Number(call.values.level ?? Number.NaN)] ?? call.values.level;
  const shown = level === undefined || level === "debugging" ? "" : ` ${level}`;
  keep(call, `logging buffered${call.values.size === undefined ? "" : ` ${call.values.size}`}${shown}`);
  return DONE;
}

const NUMBERED_LEVELS = [
  "emergencies",
  "alerts",
  "critical",
  "errors",
  "warnings",
  "notifications",
  "informational",
  "debugging",
];

/** Keeps the time zone with its minutes. */
export function setTimezone(call: Call): Outcome {
  const { zone = "", hours = "", minutes = "0" } = call.values;
  if (!/^-?\d{1,2}$/.test(hours)) return { refused: true, caret: `clock timezone ${zone} `.length };
  keep(call, `clock timezone ${zone} ${hours} ${minutes}`);
  return DONE;
}

/** Adds name servers to those that stand. */
export function addNameServers(call: Call): Outcome {
  const given = (call.values.servers ?? "").split(/\s+/);
  if (!given.every((server) => /^[\d.:a-fA-F]+$/.test(server)))
    return { refused: true, caret: "ip name-server ".length };
  const before = call.section.get(call.rule.p)?.split(" ").slice(2) ?? [];
  call.section.put(call.rule.p, `ip name-server ${[...new Set([...before, ...given])].join(" ")}`);
  return DONE;
}

/** Adds VLANs to a list that stands on one line. */
export function addVlanList(call: Call): Outcome {
  const prefix = call.rule.p.replace(/ <.*$/, "");
  const before = call.section.get(call.rule.p)?.slice(prefix.length + 1);
  const all = [
    ...(readCommaRanges(before ?? "", 1, 4094) ?? []),
    ...(readCommaRanges(call.values.vlans ?? "", 1, 4094) ?? []),
  ];
  call.section.put(call.rule.p, `${prefix} ${writeRuns(all, "-", 2).join(",")}`);
  return DONE;
}

/** Takes VLANs off such a list. */
export function dropVlanList(call: Call): Outcome {
  const prefix = call.rule.p.replace(/ <.*$/, "");
  const before = call.section.get(call.rule.p)?.slice(prefix.length + 1);
  const gone = readCommaRanges(call.values.vlans ?? "", 1, 4094) ?? [];
  const left = (readCommaRanges(before ?? "", 1, 4094) ?? []).filter((vlan) => !gone.includes(vlan));
  if (left.length === 0) call.section.drop(call.rule.p);
  else call.section.put(call.rule.p, `${prefix} ${writeRuns(left, "-", 2).join(",")}`);
  return DONE;
}

/** Keeps a bridge priority that is a multiple of 4096. */
export function setStpPriority(call: Call): Outcome {
  if (Number(call.values.priority) % 4096 !== 0) {
    return refusal(
      "% Bridge Priority must be in increments of 4096.\n% Allowed values are:\n  0     4096  8192  12288 16384 20480 24576 28672\n  32768 36864 40960 45056 49152 53248 57344 61440\n",
    );
  }
  keep(call);
  return DONE;
}
