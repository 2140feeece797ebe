import { OUTSIDE } from "../../lab/practice/real-site.ts";
import { Prober } from "../../lab/real/prober.ts";
import type { LabState, LabVerdict } from "../../lab/real/types.ts";
import { parseAddress } from "../../model/address.ts";
import type { Host, Site } from "../../model/site.ts";
import { testPacket } from "../../planner/flows/test-packet.ts";
import type { Packet } from "../../planner/flows/types.ts";
import { enforcementsOf } from "../../planner/policy/enforcement.ts";
import type { RenderedFilters } from "../../planner/policy/rendered.ts";
import { zonePartition } from "../../planner/policy/zones.ts";
import { traceSite } from "../../planner/trace/trace-site.ts";
import type { TraceVerdict } from "../../planner/trace/types.ts";

/** What a packet asks for; ICMP is an echo request. */
interface Service {
  readonly proto: "tcp" | "udp" | "icmp";
  readonly port: number;
}

/** A real packet between two hosts of different zones: what the proof over the rules and the trace over the rendered
 *  configurations say of it, and what became of it. */
export interface TriedPacket extends Service {
  readonly from: Host;
  readonly to: Host;
  readonly expected: "permit" | "deny";
  readonly traced: TraceVerdict;
  readonly seen: LabVerdict;
}

/** A port that no rule of a sane site opens, tried between all zones. */
const NEVER_OPEN = [445, 3389];
const SSH = 22;
/** NTP and syslog. */
const HELD_BY_DAEMONS = [123, 514];
const PING: Service = { proto: "icmp", port: 0 };
const NUMBERS = { icmp: 1, tcp: 6, udp: 17 } as const;
const ECHO_REQUEST = 8;
const SYN = 2;

/** Sends a real packet from every host to every host of another zone, for each service that a rule of the site names and
 *  for some that none does, and sets what was promised beside it. A TCP connection counts as arrived only once its answer
 *  is back.
 *  @param rendered - filters of the rendered configurations by device id */
export async function tryPackets(
  site: Site,
  state: LabState,
  rendered: ReadonlyMap<string, RenderedFilters>,
): Promise<TriedPacket[]> {
  const traced = (packet: Packet): TraceVerdict => traceSite(site, rendered, { packet }).verdict;
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
        servicesOf(site).map((service) => {
          const packet = packetOf(from, to.address, service);
          const expected = testPacket(firewall.filter, packet).verdict;
          return { from, to, ...service, expected, traced: traced(packet) };
        }),
      ),
  );
  const prober = new Prober(state);
  try {
    const sent = trials.map(async (trial) => {
      const { proto, port, to } = trial;
      const { verdict } = await prober.probe(trial.from.name, { proto, to: to.address ?? "", port });
      return { ...trial, seen: verdict };
    });
    return await Promise.all([...sent, ...forwarded(site, prober, traced)]);
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
function forwarded(
  site: Site,
  prober: Prober,
  traced: (packet: Packet) => TraceVerdict,
): Promise<TriedPacket>[] {
  const [stranger] = outside(site);
  return site.nat.forwards.flatMap((forward) => {
    const link = site.wan.find((candidate) => candidate.name === forward.wan);
    const to = site.hosts.find((host) => host.address === forward.toAddress);
    if (stranger === undefined || link?.ipv4 === undefined || to === undefined || forward.protocol !== "tcp")
      return [];
    const [address = ""] = link.ipv4.split("/");
    const request = {
      proto: "tcp",
      to: address,
      port: forward.port,
      listener: { device: to.name, port: forward.toPort },
    } as const;
    return [
      prober.probe(stranger.name, request).then(({ verdict }) => ({
        from: stranger,
        to,
        proto: "tcp" as const,
        port: forward.port,
        expected: "permit" as const,
        traced: traced(packetOf(stranger, address, { proto: "tcp", port: forward.port })),
        seen: verdict,
      })),
    ];
  });
}

/** Whether what became of a packet is what the proof and the trace promised. */
export function asProved({ expected, traced, seen }: TriedPacket): boolean {
  return expected === traced && seen === (expected === "permit" ? "arrived" : "dropped");
}

/** The first port of every TCP and UDP service in the site's rules, some that must stay shut, and an echo request; TCP 22
 *  belongs to sshd, and the daemons of the servers hold their own UDP ports. */
function servicesOf(site: Site): Service[] {
  const portsOf = (proto: "tcp" | "udp"): number[] =>
    site.rules
      .flatMap((rule) => rule.matches)
      .filter((match) => match.protocol === proto)
      .flatMap((match) => match.ports.slice(0, 1).map(([first]) => first));
  const tcp = new Set([...portsOf("tcp"), ...NEVER_OPEN]);
  tcp.delete(SSH);
  const udp = new Set(portsOf("udp"));
  for (const port of HELD_BY_DAEMONS) udp.delete(port);
  const numbered = (proto: "tcp" | "udp", ports: Iterable<number>): Service[] =>
    [...ports].sort((a, b) => a - b).map((port) => ({ proto, port }));
  return [...numbered("tcp", tcp), ...numbered("udp", udp), PING];
}

function packetOf(from: Host, to: string | undefined, { proto, port }: Service): Packet {
  const ping = proto === "icmp";
  return {
    family: 4,
    src: parseAddress(from.address ?? "")?.value ?? 0n,
    dst: parseAddress(to ?? "")?.value ?? 0n,
    protocol: NUMBERS[proto],
    srcPort: ping ? ECHO_REQUEST : 49_152,
    dstPort: ping ? 0 : port,
    state: "new",
    tcpFlags: proto === "tcp" ? SYN : 0,
  };
}
