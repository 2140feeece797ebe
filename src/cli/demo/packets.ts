import { OUTSIDE } from "../../lab/practice/real-site.ts";
import { Prober } from "../../lab/real/prober.ts";
import type { LabState, LabVerdict } from "../../lab/real/types.ts";
import { parseAddress } from "../../model/address.ts";
import type { Host, Site } from "../../model/site.ts";
import { testPacket } from "../../planner/flows/test-packet.ts";
import type { Packet } from "../../planner/flows/types.ts";
import { type Enforcement, enforcementsOf } from "../../planner/policy/enforcement.ts";
import { zonePartition } from "../../planner/policy/zones.ts";

/** A real packet between two hosts of different zones: what the proof says of it, and what became of it. */
export interface TriedPacket {
  readonly from: Host;
  readonly to: Host;
  readonly port: number;
  readonly expected: "permit" | "deny";
  readonly seen: LabVerdict;
}

/** A port that no rule of a sane site opens, tried between all zones. */
const NEVER_OPEN = [445, 3389];
const TCP = 6;

/** Sends a real TCP connection from every host to every host of another zone, on each port that a rule of the site
 *  names and on some that none does, and sets the proof's verdict beside it. */
export async function tryPackets(site: Site, state: LabState): Promise<TriedPacket[]> {
  const firewall = enforcementsOf(site, zonePartition(site)).find(
    (candidate) => candidate.kind === "firewall",
  );
  if (firewall === undefined) throw new Error(`${site.id} has no firewall to send packets through`);
  const known = new Set(state.devices.map((device) => device.name));
  const hosts = site.hosts.filter((host) => isTalker(host) && known.has(host.name));
  const trials = hosts.flatMap((from) =>
    [...hosts, ...outside(site)]
      .filter((to) => to.zone !== from.zone)
      .flatMap((to) =>
        portsOf(site).map((port) => ({ from, to, port, expected: verdictOf(firewall, from, to, port) })),
      ),
  );
  const prober = new Prober(state);
  try {
    const sent = trials.map(async (trial) => {
      const request = { proto: "tcp", to: trial.to.address ?? "", port: trial.port } as const;
      const { verdict } = await prober.probe(trial.from.name, request);
      return { ...trial, seen: verdict };
    });
    return await Promise.all([...sent, ...forwarded(site, prober)]);
  } finally {
    await prober.close();
  }
}

/** The host behind the WAN links, as somewhere to send to. It has no route inwards: what comes from outside comes by a
 *  port forward, whose packets are sent one by one below. */
function outside(site: Site): Host[] {
  return site.wan
    .filter((link) => link.gateway !== undefined)
    .slice(0, 1)
    .map((link) => ({
      name: OUTSIDE,
      kind: "host",
      zone: link.zone,
      address: link.gateway ?? "",
      origin: link.origin,
    }));
}

/** Hosts and servers speak through the firewall; a switch's own address is for its operator. */
function isTalker(host: Host): boolean {
  return (
    (host.kind === "host" || host.kind === "server") && host.address !== undefined && host.zone !== undefined
  );
}

/** A stranger knocks at each port forward; the packet must reach the host behind it, translated. */
function forwarded(site: Site, prober: Prober): Promise<TriedPacket>[] {
  const [stranger] = outside(site);
  return site.nat.forwards.flatMap((forward) => {
    const link = site.wan.find((candidate) => candidate.name === forward.wan);
    const to = site.hosts.find((host) => host.address === forward.toAddress);
    if (stranger === undefined || link?.ipv4 === undefined || to === undefined || forward.protocol !== "tcp")
      return [];
    const request = {
      proto: "tcp",
      to: link.ipv4.split("/")[0] ?? "",
      port: forward.port,
      listener: { device: to.name, port: forward.toPort },
    } as const;
    return [
      prober.probe(stranger.name, request).then(({ verdict }) => ({
        from: stranger,
        to,
        port: forward.port,
        expected: "permit" as const,
        seen: verdict,
      })),
    ];
  });
}

/** Whether what became of a packet is what the proof promised. */
export function asProved(tried: TriedPacket): boolean {
  return tried.expected === "permit" ? tried.seen === "arrived" : tried.seen === "dropped";
}

/** The first port of every TCP service in the site's rules, and some that must stay shut; 22 belongs to sshd. */
function portsOf(site: Site): number[] {
  const named = site.rules
    .flatMap((rule) => rule.matches)
    .filter((match) => match.protocol === "tcp")
    .flatMap((match) => match.ports.slice(0, 1).map(([first]) => first));
  return [...new Set([...named, ...NEVER_OPEN])].filter((port) => port !== 22).sort((a, b) => a - b);
}

function verdictOf(firewall: Enforcement, from: Host, to: Host, port: number): "permit" | "deny" {
  return testPacket(firewall.filter, packetOf(from, to, port)).verdict;
}

function packetOf(from: Host, to: Host, port: number): Packet {
  return {
    family: 4,
    src: parseAddress(from.address ?? "")?.value ?? 0n,
    dst: parseAddress(to.address ?? "")?.value ?? 0n,
    protocol: TCP,
    srcPort: 49_152,
    dstPort: port,
    state: "new",
    tcpFlags: 2,
  };
}
