import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readFilters } from "../../../src/drivers/nftables/filters.ts";
import { interfaceNumber } from "../../../src/planner/filters/interfaces.ts";
import { testPacket } from "../../../src/planner/flows/test-packet.ts";
import type { Packet } from "../../../src/planner/flows/types.ts";
import { frameOf } from "./frames.ts";
import { Dice, makePacket, makeTable } from "./nft-generator.ts";
import { byMark, ip, type Seen, Wire, whyNoPackets } from "./wire.ts";

/** The full experiment is 200 rulesets of 50 packets; SITEWRIGHT_NFT_RULESETS asks for another number. */
const RULESETS = Number(process.env.SITEWRIGHT_NFT_RULESETS ?? 200);
const PACKETS = 50;
const NAME = `swf${process.pid % 100_000}`;
const FIREWALL = `${NAME}-fw`;
const WIRE = `${NAME}-wire`;

const missing = whyNoPackets();

const inFirewall = (...args: string[]) => ip("netns", "exec", FIREWALL, ...args);
const nft = (script: string) =>
  execFileSync("ip", ["netns", "exec", FIREWALL, "nft", "-f", "-"], { input: script, encoding: "utf8" });

const macOf = (name: string) => /link\/ether (\S+)/.exec(inFirewall("ip", "link", "show", name))?.[1] ?? "";

/** Which marks of our packets came out. */
const marksIn = (seen: readonly Seen[]): Set<number> => new Set(byMark(seen).keys());

describe.skipIf(missing !== undefined)(
  `verdicts against real packets through real nft (${missing ?? "here"})`,
  () => {
    let wire: Wire;

    beforeAll(() => {
      for (const name of [FIREWALL, WIRE]) ip("netns", "add", name);
      for (const name of ["in0", "in1", "out0", "out1"]) {
        ip(
          "link",
          "add",
          name,
          "netns",
          FIREWALL,
          "type",
          "veth",
          "peer",
          "name",
          `w-${name}`,
          "netns",
          WIRE,
        );
        ip("netns", "exec", WIRE, "sysctl", "-qw", `net.ipv6.conf.w-${name}.disable_ipv6=1`);
        ip("-n", WIRE, "link", "set", `w-${name}`, "up");
        inFirewall(
          "sysctl",
          "-qw",
          `net.ipv6.conf.${name}.accept_dad=0`,
          `net.ipv4.conf.${name}.rp_filter=0`,
        );
        ip("-n", FIREWALL, "link", "set", name, "up");
      }
      inFirewall(
        "sysctl",
        "-qw",
        "net.ipv4.ip_forward=1",
        "net.ipv6.conf.all.forwarding=1",
        "net.ipv4.conf.all.rp_filter=0",
      );
      const sides = [
        ["in0", "1", "10.8.0.0/17", "fd00:8::/48"],
        ["in1", "2", "10.8.128.0/17", "fd00:b::/48"],
        ["out0", "3", "10.9.0.0/16", "fd00:9::/48"],
        ["out1", "4", "10.10.0.0/16", "fd00:a::/48"],
      ] as const;
      for (const [name, n, four, six] of sides) {
        ip("-n", FIREWALL, "addr", "add", `192.0.2.${n}1/28`, "dev", name);
        ip("-n", FIREWALL, "addr", "add", `fd00:ff:${n}::1/64`, "dev", name, "nodad");
        ip(
          "-n",
          FIREWALL,
          "neigh",
          "replace",
          `192.0.2.${n}2`,
          "lladdr",
          "02:00:00:00:00:01",
          "dev",
          name,
          "nud",
          "permanent",
        );
        ip(
          "-n",
          FIREWALL,
          "neigh",
          "replace",
          `fd00:ff:${n}::2`,
          "lladdr",
          "02:00:00:00:00:01",
          "dev",
          name,
          "nud",
          "permanent",
        );
        ip("-n", FIREWALL, "route", "add", four, "via", `192.0.2.${n}2`, "dev", name, "onlink");
        ip("-n", FIREWALL, "route", "add", six, "via", `fd00:ff:${n}::2`, "dev", name);
      }
      // Keeps connections tracked while the table under test comes and goes.
      nft(
        "table inet keep { chain k { type filter hook prerouting priority -200; ct state new counter;\n}\n}",
      );
      wire = new Wire(WIRE);
    }, 30_000);

    afterAll(() => {
      wire?.close();
      for (const name of [FIREWALL, WIRE]) ip("netns", "del", name);
    });

    test("without a table every packet arrives", async () => {
      const dice = new Dice(7);
      const packets = Array.from({ length: PACKETS }, (_, mark) => makePacket(dice, mark));
      const send = packets.map((packet, mark) => ["w-in0", frameOf(packet, mark, macOf("in0"))] as const);
      expect(marksIn(await wire.exchange(send, ["w-out0", "w-out1"])).size).toBe(PACKETS);
    });

    test(`${RULESETS} rulesets, ${PACKETS} packets each, new and established: the same verdicts`, async () => {
      const macs = { in0: macOf("in0"), in1: macOf("in1"), out0: macOf("out0"), out1: macOf("out1") };
      const faults: string[] = [];
      let permitted = 0;
      for (let seed = 1; seed <= RULESETS; seed += 1) {
        const dice = new Dice(seed);
        const packets = Array.from({ length: PACKETS }, (_, mark) => ({
          // Ports say which ruleset it was, so that no connection of an earlier one is met again.
          packet: fresh(makePacket(dice, mark), seed),
          mark,
          iif: dice.one(["in0", "in0", "in1"] as const),
        }));
        // Every fifth UDP packet belongs to a connection that is open already.
        const open = packets.filter(({ packet, mark }) => packet.protocol === 17 && mark % 5 === 0);
        await establish(open, macs);
        nft(makeTable(dice));
        const listed = inFirewall("nft", "-s", "list", "table", "inet", "t");
        const filter = readFilters(listed).find(({ name }) => name === "forward");
        if (filter === undefined) throw new Error("no forward chain");
        const send = packets.map(
          ({ packet, mark, iif }) => [`w-${iif}`, frameOf(packet, mark, macs[iif])] as const,
        );
        const arrived = marksIn(await wire.exchange(send, ["w-out0", "w-out1"]));
        nft("delete table inet t");
        for (const { packet, mark, iif } of packets) {
          const oif = packet.dst < 0x0a0a0000n || packet.dst >> 80n === 0xfd0000090000n ? "out0" : "out1";
          const asked: Packet = {
            ...packet,
            state: open.some((each) => each.mark === mark) ? "established" : "new",
            ingress: interfaceNumber(filter, iif),
            egress: interfaceNumber(filter, oif),
          };
          const answer = testPacket(filter.list, asked);
          if (answer.verdict === "permit") permitted += 1;
          if (!answer.certain || (answer.verdict === "permit") !== arrived.has(mark))
            faults.push(
              `seed ${seed} mark ${mark} ${iif}->${oif}: ${answer.verdict} by ${answer.rule}, arrived ${arrived.has(mark)}\n${listed}`,
            );
        }
        if (faults.length > 3) break;
      }
      expect(faults.slice(0, 2)).toEqual([]);
      // A judge that says the same of every packet would be none.
      expect(permitted).toBeGreaterThan(RULESETS * PACKETS * 0.1);
      expect(permitted).toBeLessThan(RULESETS * PACKETS * 0.9);
    }, 240_000);

    async function establish(
      open: readonly { readonly packet: Packet; readonly mark: number; readonly iif: "in0" | "in1" }[],
      macs: Readonly<Record<string, string>>,
    ): Promise<void> {
      if (open.length === 0) return;
      const there = open.map(
        ({ packet, mark, iif }) => [`w-${iif}`, frameOf(packet, mark, macs[iif] ?? "")] as const,
      );
      await wire.exchange(there, ["w-out0", "w-out1"]);
      const back = open.map(({ packet, mark }) => {
        const reply = {
          ...packet,
          src: packet.dst,
          dst: packet.src,
          srcPort: packet.dstPort,
          dstPort: packet.srcPort,
        };
        return ["w-out0", frameOf(reply, mark, macs.out0 ?? "")] as const;
      });
      const seen = marksIn(await wire.exchange(back, ["w-in0", "w-in1"]));
      expect(seen.size).toBe(open.length);
    }

    /** Source ports that no other ruleset uses; ICMP gets its identity from the mark and is new each time. */
    function fresh(packet: Packet, seed: number): Packet {
      if (packet.protocol !== 6 && packet.protocol !== 17) return packet;
      return { ...packet, srcPort: 10_000 + ((packet.srcPort - 20_000 + seed * PACKETS) % 50_000) };
    }
  },
);
