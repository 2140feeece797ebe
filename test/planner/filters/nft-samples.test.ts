import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { readFilters } from "../../../src/drivers/nftables/filters.ts";
import { driverFor } from "../../../src/drivers/registry.ts";
import { readWorkspace } from "../../../src/inventory/read/workspace.ts";
import { resolveWorkspace } from "../../../src/inventory/resolve/resolve.ts";
import { formatAddress, nthHost, parseInterfaceAddress, parsePrefix } from "../../../src/model/address.ts";
import { interfaceNumber } from "../../../src/planner/filters/interfaces.ts";
import { testPacket } from "../../../src/planner/flows/test-packet.ts";
import type { Packet } from "../../../src/planner/flows/types.ts";
import { frameOf } from "./frames.ts";
import { byMark, ip, type Seen, Wire, whyNoPackets } from "./wire.ts";

const NAME = `sws${process.pid % 100_000}`;
const FIREWALL = `${NAME}-fw`;
const WIRE = `${NAME}-wire`;
const NEIGHBOUR = "02:00:00:00:00:01";
const TCP_PORTS = [22, 53, 80, 443, 445, 515, 1433, 3306, 3389, 5061, 8443, 9100];
const UDP_PORTS = [53, 123, 161, 443, 514, 5060, 12_000];
/** Hosts outside: one that rules name, and any other. */
const OUTSIDE = ["198.51.100.90", "192.0.2.77"];
const SYN = 2;
const SYN_ACK = 18;

const missing = whyNoPackets();
const { sites } = resolveWorkspace(await readWorkspace(fileURLToPath(new URL("../../..", import.meta.url))));
const firewalls = sites.flatMap((site) => site.devices).filter(({ platform }) => platform === "nftables");

/** A host behind an interface of the firewall. */
interface Host {
  readonly wire: string;
  readonly iface: string;
  readonly address: string;
  /** Gateway of a default route: with two of them a packet leaves by the one that stands. */
  readonly way?: string;
}

test("the firewalls of four sample sites are put to it", () => {
  expect(firewalls.map(({ id }) => id)).toEqual([
    "harbour-dental/main/fw-1",
    "lanhai/hq/fw-1",
    "lanhai/suzhou/fw-1",
    "northgate/office/fw-1",
  ]);
});

describe.skipIf(missing !== undefined)(
  `firewalls of the sample sites against real packets through real nft (${missing ?? "here"})`,
  { timeout: 120_000 },
  () => {
    afterEach(() => {
      for (const name of [FIREWALL, WIRE]) ip("netns", "del", name);
    });

    test.each(firewalls.map((device) => [device.id, device] as const))(
      "%s: every pair of networks, new and established, the same verdicts",
      async (_id, device) => {
        const driver = driverFor(device.platform);
        if (driver?.level !== "full") throw new Error("no driver");
        const { config } = driver.render(device);
        const hosts = raise(config);
        const macs = new Map(hosts.map(({ iface }) => [iface, macOf(iface)]));
        execFileSync("ip", ["netns", "exec", FIREWALL, "nft", "-f", "-"], {
          input: config.slice(config.indexOf("table inet sitewright {")),
        });
        const filter = readFilters(config).find(({ name }) => name === "forward");
        if (filter === undefined) throw new Error("no forward chain");
        const wires = [...new Set(hosts.map(({ wire }) => wire))];
        const wire = new Wire(WIRE);
        const faults: string[] = [];
        const counts = { permit: 0, deny: 0, established: 0 };
        const judge = (packet: Packet, from: Host, to: Host, arrived: boolean, what: string): void => {
          const ingress = interfaceNumber(filter, from.iface);
          const egress = interfaceNumber(filter, to.iface);
          const { verdict, certain, rule } = testPacket(filter.list, { ...packet, ingress, egress });
          if (certain && (verdict === "permit") === arrived) return;
          faults.push(
            `${what} ${from.address} -> ${to.address} ${packet.protocol}/${packet.dstPort}: ${verdict} by ${rule}, arrived ${arrived}`,
          );
        };
        try {
          for (const from of hosts) {
            for (const to of hosts) {
              if (from.iface === to.iface) continue;
              lead(to);
              const packets = packetsBetween(from, to);
              const send = packets.map(
                (packet, mark) => [from.wire, frameOf(packet, mark, macs.get(from.iface) ?? "")] as const,
              );
              const seen = byMark(await wire.exchange(send, wires));
              packets.forEach((packet, mark) => {
                judge(packet, from, to, seen.get(mark)?.[0] === to.wire, "new");
                counts[seen.has(mark) ? "permit" : "deny"] += 1;
              });
              const answers = packets.flatMap((packet, mark) => {
                const arrived = seen.get(mark);
                return arrived === undefined || packet.protocol === 1
                  ? []
                  : [{ packet, mark, back: answerTo(packet, arrived) }];
              });
              const sent = answers.map(
                ({ mark, back }) => [to.wire, frameOf(back, mark, macs.get(to.iface) ?? "")] as const,
              );
              lead(from);
              const returned = byMark(await wire.exchange(sent, wires));
              for (const { packet, mark, back } of answers) {
                // The forward chain meets the answer after its address was translated back.
                const inside: Packet = {
                  ...back,
                  dst: packet.src,
                  dstPort: packet.srcPort,
                  state: "established",
                };
                judge(inside, to, from, returned.get(mark)?.[0] === from.wire, "established");
                counts.established += 1;
              }
            }
          }
        } finally {
          wire.close();
        }
        expect(faults.slice(0, 5)).toEqual([]);
        // A judge that says the same of every packet would be none.
        expect(counts.permit).toBeGreaterThan(10);
        expect(counts.deny).toBeGreaterThan(counts.permit);
        expect(counts.established).toBeGreaterThan(10);
      },
    );
  },
);

/** Makes the firewall's interfaces, addresses and routes in a namespace, as its configuration has them, each with a wire
 *  at its end and a host or two behind it. IPv4. */
function raise(config: string): Host[] {
  for (const name of [FIREWALL, WIRE]) ip("netns", "add", name);
  ip("netns", "exec", FIREWALL, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.rp_filter=0");
  const hosts: Host[] = [];
  const blocks = [...config.matchAll(/^interface (\S+)\n((?: {4}.*\n)*)/gm)];
  blocks.forEach(([, iface = "", body = ""], index) => {
    const wire = `w${index}`;
    ip("link", "add", iface, "netns", FIREWALL, "type", "veth", "peer", "name", wire, "netns", WIRE);
    ip("netns", "exec", WIRE, "sysctl", "-qw", `net.ipv6.conf.${wire}.disable_ipv6=1`);
    ip("-n", WIRE, "link", "set", wire, "up");
    ip("-n", FIREWALL, "link", "set", iface, "up");
    for (const [, text = ""] of body.matchAll(/^ {4}address (\d+\.\S+)$/gm)) {
      ip("-n", FIREWALL, "addr", "add", text, "dev", iface);
      const prefix = parseInterfaceAddress(text)?.prefix;
      const inside = prefix && nthHost(prefix, 50);
      if (inside === undefined) continue;
      meet(iface, formatAddress(inside));
      hosts.push({ wire, iface, address: formatAddress(inside) });
    }
  });
  const wireOf = new Map(blocks.map(([, iface = ""], index) => [iface, `w${index}`]));
  for (const [, target = "", via = "", iface = ""] of config.matchAll(
    /^route (\d\S+) via (\S+) dev (\S+)/gm,
  )) {
    const wire = wireOf.get(iface);
    const prefix = parsePrefix(target)?.prefix;
    if (wire === undefined || prefix === undefined) throw new Error(`route ${target} leads nowhere`);
    ip("-n", FIREWALL, "route", "replace", target, "via", via, "dev", iface);
    meet(iface, via);
    const inside = nthHost(prefix, 50);
    if (prefix.length === 0) hosts.push(...OUTSIDE.map((address) => ({ wire, iface, address, way: via })));
    else if (inside !== undefined) hosts.push({ wire, iface, address: formatAddress(inside) });
  }
  return hosts;
}

/** Makes the way to a host the one that stands. */
function lead({ way, iface }: Host): void {
  if (way !== undefined) ip("-n", FIREWALL, "route", "replace", "default", "via", way, "dev", iface);
}

function meet(iface: string, address: string): void {
  ip("-n", FIREWALL, "neigh", "replace", address, "lladdr", NEIGHBOUR, "dev", iface, "nud", "permanent");
}

function macOf(iface: string): string {
  return /link\/ether (\S+)/.exec(ip("-n", FIREWALL, "link", "show", iface))?.[1] ?? "";
}

let lastPort = 20_000;

function packetsBetween(from: Host, to: Host): Packet[] {
  const ends = { family: 4, src: numberOf(from.address), dst: numberOf(to.address), state: "new" } as const;
  const of = (protocol: number, dstPort: number, tcpFlags: number): Packet => {
    lastPort = lastPort >= 60_000 ? 20_000 : lastPort + 1;
    return { ...ends, protocol, srcPort: lastPort, dstPort, tcpFlags };
  };
  return [
    ...TCP_PORTS.map((port) => of(6, port, SYN)),
    ...UDP_PORTS.map((port) => of(17, port, 0)),
    { ...ends, protocol: 1, srcPort: 8, dstPort: 0, tcpFlags: 0 },
  ];
}

/** The answer to a packet as it came out, from where and to where its header says: its source may be translated. */
function answerTo(packet: Packet, [, hex]: Seen): Packet {
  const at = (byte: number, bytes: number) => BigInt(`0x${hex.slice(byte * 2, (byte + bytes) * 2)}`);
  return {
    ...packet,
    src: at(16, 4),
    dst: at(12, 4),
    srcPort: Number(at(22, 2)),
    dstPort: Number(at(20, 2)),
    tcpFlags: packet.protocol === 6 ? SYN_ACK : 0,
  };
}

function numberOf(address: string): bigint {
  return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}
