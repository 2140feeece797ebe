import { isReal } from "../../lab/practice/real-site.ts";
import { mustOnConsole } from "../../lab/real/device-console.ts";
import { readLabState } from "../../lab/real/lab-store.ts";
import {
  checkLabPrerequisites,
  installLabPackages,
  missingLabPackages,
} from "../../lab/real/prerequisites.ts";
import type { LabState } from "../../lab/real/types.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import type { CommandContext } from "../command.ts";
import { UsageError } from "../exit.ts";
import { renderedFilters } from "../judge.ts";
import { openChosen } from "../open.ts";
import { labOptions, realLabDown, realLabUp } from "../practice-real.ts";
import { asProved, type TriedPacket, tryPackets } from "./packets.ts";
import { DemoStory } from "./steps.ts";

/** The main job on real daemons in network namespaces: a firewall, switches, servers, and hosts that send packets. */
export async function demoReal(context: CommandContext): Promise<DemoStory> {
  await preparePackages(context);
  const site = await realPracticeSite(context.root);
  const story = new DemoStory(context);
  story.say(`${site.devices.length} real devices start, each in a network namespace of its own`);
  const findings = await realLabUp(context.root, site);
  const [first] = findings;
  if (first) throw new UsageError(first.message, first.hint);
  try {
    const state = readLabState(labOptions(context.root));
    if (state === undefined) throw new Error("the lab came up without a state file");
    await tell(story, site, state);
    return story;
  } finally {
    await realLabDown(context.root);
  }
}

async function tell(story: DemoStory, site: Site, state: LabState): Promise<void> {
  story.say("Is what we wrote sound?");
  await story.run("validate", [site.id], 0);
  story.say("What would change?");
  await story.run("plan", [site.id], 0);
  story.say("Push it, and believe nothing that was not read back");
  await story.run("apply", [site.id], 0);
  story.say("A second plan has nothing to do");
  await story.run("plan", [site.id], 0, { exitCode: true });
  story.say("Real packets: what the zone matrix forbids is dropped, what it allows arrives");
  showPackets(story, await tryPackets(site, state, renderedFilters(site)));
  story.say("Somebody types on three devices at night");
  for (const edit of handEdits(site)) {
    await mustOnConsole(state, edit.device, edit.command);
    story.show(`${edit.device}  ${edit.command.join(" ")}`);
  }
  story.say("The drift job names it");
  await story.run("drift", [site.id], 2);
  story.say("Put back what was agreed");
  await story.run("revert", [site.id], 0);
  story.say("And the drift is gone");
  await story.run("drift", [site.id], 0);
}

function showPackets(story: DemoStory, tried: readonly TriedPacket[]): void {
  const pairs = new Map<string, TriedPacket[]>();
  for (const one of tried) {
    const pair = `${one.from.zone} → ${one.to.zone}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), one]);
  }
  for (const [pair, packets] of [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const arrived = [...new Set(packets.filter((p) => p.seen === "arrived").map(serviceWords))];
    const dropped = packets.filter((packet) => packet.seen === "dropped").length;
    story.show(`${pair.padEnd(22)} arrived ${arrived.join(",") || "nothing"}; ${dropped} dropped`);
  }
  for (const wrong of tried.filter((packet) => !asProved(packet))) {
    story.show(
      `${wrong.from.name} → ${wrong.to.name} ${serviceWords(wrong)}: ${wrong.expected} by the proof, ${wrong.traced} by the trace, was ${wrong.seen}`,
    );
  }
  const right = tried.filter(asProved).length;
  story.check("packets", tried.length > 0 && right === tried.length, `${right} of ${tried.length} as proved`);
  story.show(`${right} of ${tried.length} packets did what the proof and the trace said`);
}

function serviceWords({ proto, port }: TriedPacket): string {
  if (proto === "icmp") return "ping";
  return proto === "tcp" ? `${port}` : `udp ${port}`;
}

interface HandEdit {
  readonly device: string;
  readonly command: readonly string[];
}

/** A port moved to another VLAN, a rule slipped in on the firewall, and root let in on a server. */
function handEdits(site: Site): HandEdit[] {
  const of = (platform: string): DeviceIntent | undefined =>
    site.devices.find((device) => device.platform === platform);
  const [firewall, ovs, server] = [of("nftables"), of("openvswitch"), of("linux-server")];
  const port = ovs?.ports.find((candidate) => candidate.mode === "access" && candidate.enabled);
  const edit = (device: DeviceIntent | undefined, command: string): HandEdit[] =>
    device === undefined ? [] : [{ device: device.name, command: command.split(" ") }];
  return [
    ...edit(port === undefined ? undefined : ovs, `ovs-vsctl -t 5 set port ${port?.name ?? ""} tag=666`),
    ...edit(firewall, "nft insert rule inet sitewright forward tcp dport 3389 accept"),
    ...edit(server, "sed -i /PermitRootLogin/s/no$/yes/ /etc/ssh/sshd_config.d/00-sitewright.conf"),
  ];
}

async function preparePackages(context: CommandContext): Promise<void> {
  const missing = missingLabPackages();
  if (missing.length > 0) {
    context.printer.note(`installing ${missing.join(", ")}`);
    await installLabPackages();
  }
  const [first] = await checkLabPrerequisites();
  if (first) throw new UsageError(first.message, first.hint);
}

/** The first site of the samples that is bound to the lab and made of devices that real daemons can stand for. */
async function realPracticeSite(root: string): Promise<Site> {
  const { sites } = await openChosen(root, [], {});
  const site = sites.find((candidate) => candidate.binding === "lab" && candidate.devices.every(isReal));
  if (site) return site;
  throw new UsageError("the samples hold no site of Linux devices", "this is a bug: report it");
}
