import { DONE, type Outcome, refusal } from "../cli/outcome.ts";
import { span } from "../cli/ranges.ts";
import type { Section } from "../cli/section.ts";
import type { Rule, RuleCall } from "../cli/view.ts";
import { vlanLines, vlanNumbers } from "./args.ts";
import { nameOf, type VrpConfig } from "./config.ts";

type Call = RuleCall<VrpConfig>;

/** Printed when a change to VLANs was carried out. */
export const VLAN_INFO = "Info: This operation may take a few seconds. Please wait for a moment...done.\n";
const RENEW = "Error: Please renew the default configurations.\n";
const MEMBER = "Error: The interface is a member of an Eth-Trunk; configure the Eth-Trunk instead.\n";

/** How a port treats tags. */
export type LinkType = "access" | "trunk" | "hybrid";

/** Reads a port's link type; a port that was never told is a hybrid one. */
export function linkType(block: Section): LinkType {
  const kept = block.get("link-type")?.split(" ").at(-1);
  return kept === "access" || kept === "trunk" ? kept : "hybrid";
}

/** The VLAN of untagged frames. */
export function pvid(block: Section): number {
  const rule = { access: "default vlan", trunk: "trunk pvid", hybrid: "hybrid pvid" }[linkType(block)];
  return Number(block.get(rule)?.split(" ").at(-1) ?? 1);
}

/** VLANs that a trunk lets through: 1 by itself, and what was added. */
export function trunkVlans(block: Section): readonly number[] {
  const added = vlanNumbers(block.get("allow-pass"));
  return block.get("no vlan 1") === undefined ? [1, ...added] : added;
}

/** The VLANs whose frames a port carries. */
export function carriedVlans(block: Section): readonly number[] {
  const type = linkType(block);
  if (type === "access") return [pvid(block)];
  if (type === "trunk") return trunkVlans(block);
  const untagged = vlanNumbers(block.get("hybrid untagged"));
  const tagged = vlanNumbers(block.get("hybrid tagged"));
  return [...(block.get("no hybrid 1") === undefined ? [1] : []), ...untagged, ...tagged];
}

/** Tells whether frames of a VLAN can pass a port: up, and carrying it, through its Eth-Trunk where it has one. */
export function passes(config: VrpConfig, port: string, vlan: number): boolean {
  const block = config.interface(port);
  if (block === undefined || block.get("shutdown") !== undefined) return false;
  const trunk = block.get("eth-trunk")?.split(" ")[1];
  if (trunk === undefined) return carriedVlans(block).includes(vlan);
  const bundle = config.interface(`Eth-Trunk${trunk}`);
  return bundle !== undefined && bundle.get("shutdown") === undefined && carriedVlans(bundle).includes(vlan);
}

const VLAN_RULES = [
  "default vlan",
  "trunk pvid",
  "no vlan 1",
  "allow-pass",
  "hybrid pvid",
  "no hybrid 1",
  "hybrid tagged",
  "hybrid untagged",
];

/** Tells whether a port's VLAN lines are all at their defaults. */
function vlansAreDefault(block: Section): boolean {
  return VLAN_RULES.every((rule) => block.get(rule) === undefined);
}

function setLinkType(call: Call): Outcome {
  const wanted = call.values.type ?? "hybrid";
  return changeLinkType(call, wanted, `port link-type ${wanted}`);
}

function changeLinkType(call: Call, wanted: string, text: string | undefined): Outcome {
  const { section } = call;
  if (section.get("eth-trunk") !== undefined) return refusal(MEMBER);
  const apply = (): Outcome => {
    for (const rule of VLAN_RULES) section.drop(rule);
    if (text === undefined) section.drop("link-type");
    else section.put("link-type", text);
    return DONE;
  };
  if (wanted === linkType(section)) {
    if (text === undefined) section.drop("link-type");
    else section.put("link-type", text);
    return DONE;
  }
  if (vlansAreDefault(section)) return apply();
  if (!call.state.asksBeforeLinkType) return refusal(RENEW);
  return {
    question: {
      text: "Warning: This command will delete VLANs on this port. Continue?[Y/N]:",
      yes: "y",
      answered: (answer) =>
        /^y/i.test(answer) ? { ...apply(), output: VLAN_INFO } : { refused: true, output: "" },
    },
  };
}

function only(type: LinkType, carry: (call: Call) => Outcome | undefined) {
  return (call: Call): Outcome => {
    if (call.section.get("eth-trunk") !== undefined) return refusal(MEMBER);
    if (linkType(call.section) !== type) {
      return refusal(`Error: The link type of the interface ${nameOf(call.section)} is not ${type}.\n`);
    }
    return carry(call) ?? DONE;
  };
}

function setDefaultVlan(call: Call): Outcome {
  const vlan = Number(call.values.vlan);
  if (!call.state.hasVlan(vlan)) return refusal("Error: The VLAN does not exist.\n");
  if (vlan === 1) call.section.drop("default vlan");
  else call.section.put("default vlan", call.text);
  return DONE;
}

function keepPvid(rule: string) {
  return (call: Call): Outcome => {
    if (call.values.vlan === "1") call.section.drop(rule);
    else call.section.put(rule, call.text);
    return DONE;
  };
}

/** Adds to or takes from a list of VLANs; VLAN 1 has a line of its own. */
function changeList(rule: string, exception: string, add: boolean) {
  return (call: Call): Outcome => {
    const given = call.values.vlans === undefined ? span(1, 4094) : vlanNumbers(call.values.vlans);
    const before = vlanNumbers(call.section.get(rule));
    const rest = given.filter((vlan) => vlan !== 1);
    const after = add ? [...before, ...rest] : before.filter((vlan) => !rest.includes(vlan));
    const sorted = [...new Set(after)].sort((a, b) => a - b);
    if (sorted.length === 0) call.section.drop(rule);
    else call.section.put(rule, sorted.join(","));
    if (given.includes(1)) {
      if (add) call.section.drop(exception);
      else call.section.put(exception, "1");
    }
    return { output: VLAN_INFO };
  };
}

/** Rules of a port's VLAN membership, in print order. */
export const PORT_VLAN_RULES: readonly Rule<VrpConfig>[] = [
  {
    id: "link-type",
    p: "port link-type <type:access|trunk|hybrid>",
    no: "port link-type [<type:access|trunk|hybrid>]",
    set: setLinkType,
    unset: (call) => changeLinkType(call, "hybrid", undefined),
  },
  {
    id: "default vlan",
    p: "port default vlan <vlan:1-4094>",
    no: "port default vlan [<vlan:1-4094>]",
    set: only("access", setDefaultVlan),
    unset: only("access", (call) => void call.section.drop("default vlan")),
  },
  {
    id: "trunk pvid",
    p: "port trunk pvid vlan <vlan:1-4094>",
    no: "port trunk pvid vlan [<vlan:1-4094>]",
    set: only("trunk", keepPvid("trunk pvid")),
    unset: only("trunk", (call) => void call.section.drop("trunk pvid")),
  },
  {
    id: "no vlan 1",
    p: "port trunk vlan-1-marker",
    no: null,
    print: () => ["undo port trunk allow-pass vlan 1"],
  },
  {
    id: "allow-pass",
    p: "port trunk allow-pass vlan {all|<vlans:vlans>}",
    no: "port trunk allow-pass vlan {all|<vlans:vlans>}",
    set: only("trunk", changeList("allow-pass", "no vlan 1", true)),
    unset: only("trunk", changeList("allow-pass", "no vlan 1", false)),
    print: (text) => vlanLines("port trunk allow-pass vlan", vlanNumbers(text)),
  },
  {
    id: "hybrid pvid",
    p: "port hybrid pvid vlan <vlan:1-4094>",
    no: "port hybrid pvid vlan [<vlan:1-4094>]",
    set: only("hybrid", keepPvid("hybrid pvid")),
    unset: only("hybrid", (call) => void call.section.drop("hybrid pvid")),
  },
  { id: "no hybrid 1", p: "port hybrid vlan-1-marker", no: null, print: () => ["undo port hybrid vlan 1"] },
  {
    id: "hybrid tagged",
    p: "port hybrid tagged vlan {all|<vlans:vlans>}",
    no: "port hybrid tagged vlan {all|<vlans:vlans>}",
    set: only("hybrid", changeList("hybrid tagged", "no hybrid 1", true)),
    unset: only("hybrid", changeList("hybrid tagged", "no hybrid 1", false)),
    print: (text) => vlanLines("port hybrid tagged vlan", vlanNumbers(text)),
  },
  {
    id: "hybrid untagged",
    p: "port hybrid untagged vlan {all|<vlans:vlans>}",
    no: "port hybrid {untagged vlan|vlan} {all|<vlans:vlans>}",
    set: only("hybrid", changeList("hybrid untagged", "no hybrid 1", true)),
    unset: only("hybrid", changeList("hybrid untagged", "no hybrid 1", false)),
    print: (text) => vlanLines("port hybrid untagged vlan", vlanNumbers(text)),
  },
];

/** Adds a port to an Eth-Trunk: only one whose VLAN lines are at their defaults may join. */
export function joinTrunk(call: Call): Outcome {
  const { section, state, values } = call;
  const trunk = `Eth-Trunk${values.number}`;
  const now = section.get("eth-trunk");
  if (now === call.text) return DONE;
  if (now !== undefined)
    return refusal("Error: The interface has already been added to another Eth-Trunk.\n");
  if (state.interface(trunk) === undefined) return refusal("Error: The Eth-Trunk does not exist.\n");
  if (section.get("link-type") !== undefined || !vlansAreDefault(section)) {
    return refusal(
      "Error: Please restore the default link type and VLANs of the interface before adding it to an Eth-Trunk.\n",
    );
  }
  section.put("eth-trunk", call.text);
  return { output: "Info: This operation may take a few seconds. Please wait for a moment...done.\n" };
}
