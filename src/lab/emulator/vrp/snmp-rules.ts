import { keep } from "../cli/apply.ts";
import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import type { Section } from "../cli/section.ts";
import type { RuleCall } from "../cli/view.ts";
import type { VrpConfig } from "./config.ts";
import { cipherText, isCipher } from "./secrets.ts";

type Call = RuleCall<VrpConfig>;

function startSnmp(call: Call): void {
  call.section.put("snmp-agent", "snmp-agent");
}

/** Keeps an SNMP line; the agent starts by itself. */
export function snmpKeep(call: Call): Outcome {
  startSnmp(call);
  keep(call);
  return DONE;
}

/** Keeps a property of an SNMP user, who stands on a line of their own. */
export function snmpUserLine(call: Call): Outcome {
  const { name = "" } = call.values;
  call.section.put("usm", `snmp-agent usm-user v3 ${name}`, name);
  return snmpKeep(call);
}

/** Keeps an SNMP secret in cipher. */
export function snmpSecret(call: Call): Outcome {
  startSnmp(call);
  const { key = "" } = call.values;
  const head = call.text
    .slice(0, call.text.length - key.length)
    .trimEnd()
    .replace(/ cipher$/, "");
  const { name = "" } = call.values;
  call.section.put("usm", `snmp-agent usm-user v3 ${name}`, name);
  keep(call, `${head} cipher ${isCipher(key) ? key : cipherText()}`);
  return DONE;
}

/** Asks twice for an SNMP secret that was not typed with the command. */
export function snmpAsk(call: Call): Outcome {
  const target = call.rule.p.includes("authentication-mode") ? "authentication" : "privacy";
  const finish = (password: string, again: string): Outcome => {
    if (password !== again) return refusal("Error: The two passwords are not the same.\n");
    if (password.length < 10) return refusal("Error: The password length must be 10 to 255 characters.\n");
    const rule = call.rule.id === "usm auth ask" ? USM_RULES[1] : USM_RULES[2];
    startSnmp(call);
    const { name = "" } = call.values;
    call.section.put("usm", `snmp-agent usm-user v3 ${name}`, name);
    call.section.put(rule, `${call.text} cipher ${cipherText()}`, call.key);
    return DONE;
  };
  return {
    output: `Please configure the ${target} password (10-255)\n`,
    question: {
      text: "Enter Password:",
      secret: true,
      yes: "",
      answered: (password) => ({
        question: {
          text: "Confirm Password:",
          secret: true,
          yes: "",
          answered: (again) => finish(password, again),
        },
      }),
    },
  };
}

/** Keeps a community name in cipher. */
export function snmpCommunity(call: Call): Outcome {
  startSnmp(call);
  const { way = "", name = "", view, acl } = call.values;
  const parts = [`snmp-agent community ${way} cipher ${isCipher(name) ? name : cipherText()}`];
  if (view !== undefined) parts.push(`mib-view ${view}`);
  if (acl !== undefined) parts.push(`acl ${acl}`);
  keep(call, parts.join(" "));
  return DONE;
}

const VERSIONS = ["v1", "v2c", "v3"];

function versionsOf(section: Section): string[] {
  const kept = section.get("snmp version");
  if (kept === undefined) return ["v3"];
  return kept.startsWith("undo ") ? [] : kept.split(" ").slice(3);
}

/** Adds SNMP versions to those served. */
export function snmpVersion(call: Call): Outcome {
  return changeVersions(call, (before, given) => [...before, ...given]);
}

/** Takes SNMP versions away. */
export function snmpVersionOff(call: Call): Outcome {
  return changeVersions(call, (before, given) => before.filter((one) => !given.includes(one)));
}

function changeVersions(call: Call, change: (before: string[], given: string[]) => string[]): Outcome {
  const given = call.values.versions?.split(/\s+/) ?? VERSIONS;
  if (!given.every((one) => VERSIONS.includes(one)))
    return { refused: true, caret: "snmp-agent sys-info version ".length };
  startSnmp(call);
  const after = VERSIONS.filter((one) => change(versionsOf(call.section), given).includes(one));
  call.section.put(
    "snmp version",
    after.length === 0
      ? "undo snmp-agent sys-info version v3"
      : `snmp-agent sys-info version ${after.join(" ")}`,
  );
  const weak = after.some((one) => one !== "v3");
  return weak
    ? { output: "Warning: SNMPv1/SNMPv2c is not secure, and it is recommended to use SNMPv3.\n" }
    : DONE;
}

/** Deletes an SNMP user with its secrets. */
export function snmpDropUser(call: Call): Outcome {
  const { name = "" } = call.values;
  call.section.drop("usm", name);
  for (const rule of USM_RULES) call.section.drop(rule, name);
  return DONE;
}

const USM_RULES = [
  "snmp-agent usm-user v3 <name:host> group <group:host>",
  "snmp-agent usm-user v3 <name:host> authentication-mode {md5|sha|sha2-256|sha2-512} [cipher] <key:word>",
  "snmp-agent usm-user v3 <name:host> privacy-mode {des56|aes128|aes192|aes256} [cipher] <key:word>",
] as const;

/** Switches traps on; all of them only after a question. */
export function snmpTraps(call: Call): Outcome {
  startSnmp(call);
  if (call.values.feature !== undefined) {
    keep(call);
    return DONE;
  }
  return {
    question: {
      text: "Warning: All switches of SNMP trap/notification will be open. Continue? [Y/N]:",
      yes: "y",
      answered: (answer) => {
        if (!/^y/i.test(answer)) return { refused: true, output: "" };
        keep(call);
        return DONE;
      },
    },
  };
}

/** Stops the SNMP agent; its lines go with it. */
export function snmpOff(call: Call): Outcome {
  for (const rule of call.state.snmpRules()) call.section.dropAll(rule);
  call.section.drop("snmp-agent");
  return DONE;
}

/** A running agent has an engine id of its own. */
export function engineLine(root: Section): readonly string[] {
  return root.get("snmp-agent") === undefined ? [] : ["snmp-agent local-engineid 800007DB03F44588AAB900"];
}

/** A running agent serves version 3 and says so. */
export function versionLine(root: Section): readonly string[] {
  return root.get("snmp-agent") === undefined ? [] : ["snmp-agent sys-info version v3"];
}
