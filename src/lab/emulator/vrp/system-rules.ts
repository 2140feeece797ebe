import { keep } from "../cli/apply.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { Section } from "../cli/section.ts";
import type { RuleCall } from "../cli/view.ts";
import { toNumber } from "../ipv4.ts";
import { vlanNumbers } from "./args.ts";
import { INTERFACE, USER_INTERFACE, VLAN, type VrpConfig } from "./config.ts";
import { interfaceName, kindOf } from "./names.ts";
import { pvid, VLAN_INFO } from "./port-vlan.ts";
import { cipherText, isCipher } from "./secrets.ts";

type Call = RuleCall<VrpConfig>;

/** Keeps a line that takes the device a while. */
export function slowly(call: Call): Outcome {
  keep(call);
  return { output: VLAN_INFO };
}

/** Makes VLANs. */
export function makeVlans(call: Call): Outcome {
  call.state.setVlans([...call.state.vlans(), ...vlanNumbers(call.values.vlans)]);
  return { output: VLAN_INFO };
}

/** Deletes VLANs of a list; those that do not exist do not matter. */
export function removeVlans(call: Call): Outcome {
  const gone = vlanNumbers(call.values.vlans);
  const fault = cannotRemove(call.state, gone);
  if (fault !== undefined) return refusal(fault);
  forget(call.state, gone);
  return { output: VLAN_INFO };
}

/** Deletes one VLAN. */
export function removeVlan(call: Call): Outcome {
  const vlan = Number(call.values.vlan);
  if (!call.state.hasVlan(vlan)) return refusal("Error: The VLAN does not exist.\n");
  const fault = cannotRemove(call.state, [vlan]);
  if (fault !== undefined) return refusal(fault);
  forget(call.state, [vlan]);
  return DONE;
}

function cannotRemove(config: VrpConfig, vlans: readonly number[]): string | undefined {
  if (vlans.includes(1)) return "Error: The default VLAN cannot be deleted.\n";
  const routed = vlans.some((vlan) => config.interface(`Vlanif${vlan}`) !== undefined);
  return routed ? "Error: The VLAN has a L3 interface. Please delete it first.\n" : undefined;
}

/** Access ports of a deleted VLAN fall back to VLAN 1; trunks keep naming it. */
function forget(config: VrpConfig, vlans: readonly number[]): void {
  config.setVlans(config.vlans().filter((vlan) => !vlans.includes(vlan)));
  for (const vlan of vlans) config.root.close(VLAN, String(vlan));
  for (const [, block] of config.interfaces()) {
    if (block.get("default vlan") !== undefined && vlans.includes(pvid(block))) block.drop("default vlan");
  }
}

/** Opens a VLAN's view, and makes the VLAN where it is new. */
export function openVlan(call: Call): Outcome {
  const vlan = Number(call.values.vlan);
  call.state.setVlans([...call.state.vlans(), vlan]);
  return { opened: [call.state.root.open(VLAN, String(vlan), "vlan", `vlan ${vlan}`)] };
}

/** Opens an interface's view; ports that the box has not are refused, virtual ones are made. */
export function openInterface(call: Call): Outcome {
  const name = interfaceName(call.values.name ?? "") ?? "";
  const opened = openNamed(call.state, name);
  return typeof opened === "string" ? refusal(opened) : { opened: [opened] };
}

function openNamed(config: VrpConfig, name: string): Section | string {
  const kind = kindOf(name);
  const found = config.interface(name);
  if (found !== undefined) return found;
  const number = Number(name.slice(kind.length));
  if (kind === "Vlanif" && !config.hasVlan(number)) return "Error: The VLAN does not exist.\n";
  if (kind === "Eth-Trunk" && number > 127) return WRONG;
  if (!["Vlanif", "Eth-Trunk", "LoopBack", "Tunnel"].includes(kind)) return WRONG;
  return config.openInterface(name);
}

const WRONG = "Error: Wrong parameter found at '^' position.\n";

/** Opens interfaces of a range together. */
export function openRange(call: Call): Outcome {
  const words = (call.values.names ?? "").split(/\s+/);
  const opened: Section[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const start = nameAt(words, at);
    if (start === undefined) return refusal(WRONG);
    at += start.used - 1;
    const end = words[at + 1]?.toLowerCase() === "to" ? nameAt(words, at + 2) : undefined;
    if (end !== undefined) at += 1 + end.used;
    for (const name of between(start.name, end?.name ?? start.name)) {
      const block = openNamed(call.state, name);
      if (typeof block === "string") return refusal(block);
      opened.push(block);
    }
  }
  return { opened };
}

function nameAt(
  words: readonly string[],
  at: number,
): { readonly name: string; readonly used: number } | undefined {
  const whole = interfaceName(words[at] ?? "");
  if (whole !== undefined) return { name: whole, used: 1 };
  const joined = interfaceName(`${words[at] ?? ""}${words[at + 1] ?? ""}`);
  return joined === undefined ? undefined : { name: joined, used: 2 };
}

function between(first: string, last: string): string[] {
  const stem = first.replace(/\d+$/, "");
  const low = Number(first.slice(stem.length));
  const high = Number(last.slice(stem.length));
  if (!last.startsWith(stem) || high < low || high - low > 4094) return [first];
  return Array.from({ length: high - low + 1 }, (_, index) => `${stem}${low + index}`);
}

/** Deletes a virtual interface. */
export function deleteInterface(call: Call): Outcome {
  const name = interfaceName(call.values.name ?? "") ?? "";
  if (call.state.isPhysical(name) || name === "NULL0")
    return refusal("Error: The physical interface cannot be deleted.\n");
  if (call.state.interface(name) === undefined) return refusal("Error: The interface does not exist.\n");
  if (kindOf(name) === "Eth-Trunk" && call.state.members(name.slice("Eth-Trunk".length)).length > 0) {
    return refusal("Error: The Eth-Trunk has member interfaces. Please delete them first.\n");
  }
  call.state.root.close(INTERFACE, name);
  return DONE;
}

/** Sets an interface back to its defaults, after a question. The interface ends up shut, as on the device. */
export function clearInterface(call: Call): Outcome {
  const name = interfaceName(call.values.name ?? "") ?? "";
  const block = call.state.interface(name);
  if (block === undefined) return refusal("Error: The interface does not exist.\n");
  return {
    question: {
      text: "Warning: All configurations of the interface will be cleared, and its state will be shutdown. Continue? [Y/N] :",
      yes: "y",
      answered: (answer) => {
        if (!/^y/i.test(answer)) return { refused: true, output: "" };
        block.clear();
        block.put("shutdown", "shutdown");
        return { output: "Info: Total execute 1 command(s).\n" };
      },
    },
  };
}

/** Keeps a bridge priority or root role in the form that prints: for instance 0 where none is named. */
export function stpPriority(call: Call): Outcome {
  const { instance = "0", priority } = call.values;
  if (priority !== undefined && Number(priority) % 4096 !== 0) {
    return refusal("Error: The priority must be a multiple of 4096.\n");
  }
  const rest = call.text.replace(/^stp (instance \d+ )?/, "");
  if (priority === "32768") call.state.root.drop("stp instance", instance);
  else call.state.root.put("stp instance", `stp instance ${instance} ${rest}`, instance);
  return DONE;
}

/** Keeps the time zone. */
export function timezone(call: Call): Outcome {
  const { zone, way, offset = "" } = call.values;
  const found = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(offset);
  if (found === null) return { refused: true, caret: `clock timezone ${zone} ${way} `.length };
  call.section.put(
    call.rule.p,
    `clock timezone ${zone} ${way} ${(found[1] ?? "").padStart(2, "0")}:${found[2]}:${found[3] ?? "00"}`,
  );
  return DONE;
}

/** Switches DHCP off with all that hangs on it, after a question. */
export function dhcpOff(call: Call): Outcome {
  if (call.state.root.get("dhcp enable") === undefined) return DONE;
  return {
    question: {
      text: "Warning: All DHCP functions will be disabled. Continue? [Y/N]",
      yes: "y",
      answered: (answer) => {
        if (!/^y/i.test(answer)) return { refused: true, output: "" };
        call.state.root.drop("dhcp enable");
        call.state.root.drop("dhcp snooping enable");
        for (const [, block] of call.state.interfaces()) dropDhcp(block);
        for (const [, block] of call.state.root.blocks(VLAN)) dropDhcp(block);
        return DONE;
      },
    },
  };
}

function dropDhcp(block: Section): void {
  for (const rule of DHCP_RULES) block.dropAll(rule);
}

const DHCP_RULES = [
  "dhcp snooping enable",
  "dhcp snooping trusted",
  "dhcp select {relay|interface|global}",
  "dhcp relay server-ip <server:ipv4>",
];

/** Switches DHCP snooping on, where DHCP is. */
export function snooping(call: Call): Outcome {
  if (call.state.root.get("dhcp enable") === undefined) return refusal("Error: Please enable DHCP first.\n");
  keep(call);
  return DONE;
}

/** Keeps a static route; one route per prefix and next hop. */
export function setRoute(call: Call): Outcome {
  const { network = "", mask = "", preference } = call.values;
  if ((toNumber(network) & ~toNumber(mask)) >>> 0 !== 0)
    return refusal("Error: The destination address and mask do not match.\n");
  const text = preference === "60" ? call.text.replace(" preference 60", "") : call.text;
  call.section.put("route", text, routeKey(call));
  return DONE;
}

function routeKey(call: Call): string {
  const { vpn = "", network = "", mask = "", exit = "", gateway = "" } = call.values;
  return [vpn, network, mask, exit, gateway].filter((part) => part !== "").join(" ");
}

/** Deletes routes to a prefix, all of them where no next hop is named. */
export function dropRoute(call: Call): Outcome {
  const wanted = routeKey(call);
  const gone = call.section.all("route").filter(([key]) => key === wanted || key.startsWith(`${wanted} `));
  if (gone.length === 0) return refusal("Error: The specified route does not exist.\n");
  for (const [key] of gone) call.section.drop("route", key);
  return DONE;
}

/** Switches the SSH service on. */
export function stelnetOn(call: Call): Outcome {
  if (call.section.get("stelnet") !== undefined)
    return { output: "Info: The STELNET server is already started.\n" };
  keep(call);
  return { output: "Info: Succeeded in starting the STELNET server.\n" };
}

/** Switches the SSH service off, after a question. */
export function stelnetOff(call: Call): Outcome {
  if (call.section.get("stelnet") === undefined) return DONE;
  return {
    question: {
      text: "Warning: Closing the STELNET server will disconnect all STELNET users. Continue? [Y/N]:",
      yes: "y",
      answered: (answer) => {
        if (!/^y/i.test(answer)) return { refused: true, output: "" };
        call.section.drop("stelnet");
        return { output: "Info: Succeeded in closing the STELNET server.\n" };
      },
    },
  };
}

/** Keeps a property of an SSH user, who must exist. */
export function sshUserLine(call: Call): Outcome {
  const { name = "" } = call.values;
  call.section.put("ssh user", `ssh user ${name}`, name);
  keep(call);
  return DONE;
}

/** Deletes an SSH user with all properties. */
export function dropSshUser(call: Call): Outcome {
  const { name = "" } = call.values;
  if (!call.section.drop("ssh user", name)) return refusal("Error: The SSH user does not exist.\n");
  for (const rule of ["ssh auth", "ssh service", "ssh key"]) call.section.drop(rule, name);
  return DONE;
}

/** Keeps an NTP key in cipher. */
export function ntpKey(call: Call): Outcome {
  const { id = "", key = "" } = call.values;
  const mode = / authentication-mode (\S+)/.exec(call.text)?.[1] ?? "md5";
  keep(
    call,
    `ntp-service authentication-keyid ${id} authentication-mode ${mode} cipher ${isCipher(key) ? key : cipherText()}`,
  );
  return DONE;
}

/** Reads a login text, which may run over lines, between quotes or another mark. */
export function setHeader(call: Call): Outcome {
  const { kind = "", text = "" } = call.values;
  const mark = text.slice(0, 1);
  const first = text.slice(1);
  const finish = (body: string): Outcome => {
    call.section.put("header", `header ${kind} information "${body}"`, kind);
    return DONE;
  };
  const end = first.indexOf(mark);
  if (end >= 0) return finish(first.slice(0, end));
  return {
    output:
      "Info: The banner text supports 2000 characters max, including the start and the end character.\n",
    collect: { until: mark, answered: (rest) => finish(`${first}\n${rest.slice(0, rest.indexOf(mark))}`) },
  };
}

/** Opens terminal lines; a range that crosses the device's groups opens each of them. */
export function openUi(call: Call): Outcome {
  const { kind = "", low = "0", high = call.values.low ?? "0" } = call.values;
  const root = call.state.root;
  if (kind !== "vty") {
    if (low !== "0") return refusal(WRONG);
    return { opened: [root.open(USER_INTERFACE, "con 0", "ui", "user-interface con 0")] };
  }
  const groups = [
    [0, 4],
    [5, 14],
    [16, 20],
  ] as const;
  const hit = groups.filter(([first, last]) => Number(low) <= last && Number(high) >= first);
  if (hit.length === 0 || Number(high) < Number(low)) return refusal(WRONG);
  return {
    opened: hit.map(([first, last]) =>
      root.open(USER_INTERFACE, `vty ${first} ${last}`, "ui", `user-interface vty ${first} ${last}`),
    ),
  };
}

/** Orders terminal lines: console first. */
export function uiOrder(a: string, b: string): number {
  const rank = (key: string): number => (key.startsWith("con") ? -1 : Number(key.split(" ")[1] ?? 0));
  return rank(a) - rank(b);
}

/** Makes or destroys the SSH host key; a device without one lets nobody in. */
export function rsaKeys(call: Call): Outcome {
  const destroy = call.values.how === "destroy";
  return {
    question: {
      text: destroy
        ? "The name for the keys which will be destroyed is Host.\nConfirm to destroy these keys? [Y/N]:"
        : "The key name will be: Host\nThe range of public key size is (2048 ~ 2048).\nNOTE: Key pair generation will take a short while.\nConfirm? [Y/N]:",
      yes: "y",
      answered: (answer) => {
        if (!/^y/i.test(answer)) return { refused: true, output: "" };
        call.state.hasKeys = !destroy;
        return DONE;
      },
    },
  };
}
