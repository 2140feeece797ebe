import type { FormDevice } from "../form-devices.ts";
import { FortiosDevice } from "./fortios.ts";
import { RouterosDevice } from "./routeros.ts";

/** A packet of the small world in which every moment of a firewall is judged. */
interface Probe {
  readonly at: string;
  readonly from: string;
  readonly port: number;
}

type Fields = ReadonlyMap<string, readonly string[]>;
type Row = ReadonlyMap<string, string>;

const SOURCES = ["10.0.20.5", "10.0.20.6", "10.0.20.7", "192.0.2.9"];
const probes = (places: readonly string[]): readonly Probe[] =>
  places.flatMap((at) => SOURCES.flatMap((from) => [22, 80, 443].map((port) => ({ at, from, port }))));

/** What a device does with every packet. Names are no question here: a FortiGate refuses what names nothing, and a
 *  router takes a list without entries, which matches nobody. */
export interface FlowVerdicts {
  readonly passes: readonly boolean[];
}

/** Judges a modelled device that does not indent, by reading what it holds. */
export function judgeForm(device: FormDevice): FlowVerdicts {
  if (device instanceof FortiosDevice) return judgeFortigate(device);
  if (device instanceof RouterosDevice) return judgeRouter(device);
  throw new Error("no judge of flows for this device");
}

/** What is wrong with a moment; empty where it is safe. */
export function straysOf(before: FlowVerdicts, after: FlowVerdicts, now: FlowVerdicts): string[] {
  return now.passes.flatMap((passes, i) =>
    passes !== before.passes[i] && passes !== after.passes[i]
      ? `probe ${i} ${passes ? "passes" : "is dropped"}`
      : [],
  );
}

/** From lan to wan, and between ports that no policy names. */
const PAIRS = probes(["port1 port2", "port3 port4"]);

/** Policies from the top: what stands at `next` counts, the first that matches decides, and nothing else passes.
 *  (FortiOS administration guide, "Firewall policy"; the CLI refuses what names nothing, so that no name dangles.) */
function judgeFortigate(device: FortiosDevice): FlowVerdicts {
  const policies = [...device.entries("firewall policy").values()];
  const passes = PAIRS.map((probe) => {
    const hit = policies.find((policy) => policyMatches(device, policy, probe));
    return hit?.get("action")?.[0] === "accept";
  });
  return { passes };
}

function policyMatches(device: FortiosDevice, policy: Fields, { at, from, port }: Probe): boolean {
  if (policy.get("status")?.[0] === "disable") return false;
  const [source = "", target = ""] = at.split(" ");
  const isPort = (field: string, wanted: string) =>
    (policy.get(field) ?? []).some(
      (name) =>
        name === "any" ||
        name === wanted ||
        device.entries("system zone").get(name)?.get("interface")?.includes(wanted) === true,
    );
  if (!isPort("srcintf", source) || !isPort("dstintf", target) || !policy.has("dstaddr")) return false;
  const isFrom = (policy.get("srcaddr") ?? []).some((name) => isAddress(device, name, from));
  if (isFrom === (policy.get("srcaddr-negate")?.[0] === "enable")) return false;
  return (policy.get("service") ?? []).some((name) => isService(device, name, port));
}

function isAddress(device: FortiosDevice, name: string, address: string): boolean {
  if (name === "all") return true;
  const members = device.entries("firewall addrgrp").get(name)?.get("member");
  if (members) return members.some((member) => isAddress(device, member, address));
  return device.entries("firewall address").get(name)?.get("subnet")?.[0] === address;
}

const SERVICES: Readonly<Record<string, number>> = { SSH: 22, HTTP: 80, HTTPS: 443 };

function isService(device: FortiosDevice, name: string, port: number): boolean {
  if (name === "ALL") return true;
  const custom = device.entries("firewall service custom").get(name)?.get("tcp-portrange");
  return custom ? custom.includes(String(port)) : SERVICES[name] === port;
}

const CHAINS = probes(["forward", "input"]);

/** Rules of a chain from the top, each as soon as its line is typed; what none decides passes.
 *  (RouterOS manual, "Filter": chains, `jump`, `return`; "Address lists".) */
function judgeRouter(device: RouterosDevice): FlowVerdicts {
  const rules = device.entries("/ip firewall filter").filter((rule) => rule.get("disabled") !== "yes");
  const lists = device.entries("/ip firewall address-list");
  const passes = CHAINS.map((probe) => verdictOf(rules, lists, probe.at, probe) ?? true);
  return { passes };
}

function verdictOf(
  rules: readonly Row[],
  lists: readonly Row[],
  chain: string,
  probe: Probe,
): boolean | undefined {
  for (const rule of rules) {
    if (rule.get("chain") !== chain || !ruleMatches(rule, lists, probe)) continue;
    const action = rule.get("action") ?? "accept";
    if (action === "return") return undefined;
    if (action !== "jump") return action === "accept";
    const verdict = verdictOf(rules, lists, rule.get("jump-target") ?? "", probe);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

function ruleMatches(rule: Row, lists: readonly Row[], { from, port }: Probe): boolean {
  const ports = rule.get("dst-port")?.split(",");
  if (ports && !ports.includes(String(port))) return false;
  const list = rule.get("src-address-list");
  return (
    list === undefined ||
    lists.some(
      (row) => row.get("list") === list && row.get("address") === from && row.get("disabled") !== "yes",
    )
  );
}
