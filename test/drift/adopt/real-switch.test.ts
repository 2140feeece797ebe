import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { type Desk, openDesk } from "./real-desk.ts";

const reason = await whyNoLab();
const SWITCH = "sw-2";
const FILE = "inventory/harbour-dental/main/devices/sw-2.yaml";

describe.skipIf(reason)(
  titled("what somebody typed with ovs-vsctl, taken into the inventory", reason),
  { timeout: 300_000 },
  () => {
    let desk: Desk;
    beforeAll(async () => {
      desk = await openDesk([SWITCH]);
    }, 300_000);
    afterAll(() => desk?.close());
    const vsctl = (...words: readonly string[]): Promise<void> =>
      desk.lena(SWITCH, `sudo ovs-vsctl -t 5 ${words.join(" -- ")}`);

    test("an access VLAN, a description, a shut port, a trunk: a plan of the branch has nothing to send", async () => {
      await vsctl(
        'set port eth3 tag=90 \'external_ids:description="Lift \\"north\\""\'',
        "set port eth4 vlan_mode=native-untagged tag=10 trunks=90,99",
      );
      await desk.lena(SWITCH, "sudo ip link set eth6 down");
      const trip = await desk.roundTrip(SWITCH);
      expect(trip.adopted.files).toEqual([FILE]);
      expect(trip.commands).toEqual([]);
      expect(trip.adopted.respelled).toEqual([]);
      expect(trip.lines).toEqual([
        "+  eth3:",
        "+    profile: plain",
        "+    network: guest",
        '+    description: Lift "north"',
        "+  eth4:",
        "+    profile: plain",
        "+    mode: trunk",
        "+    native: office",
        "+    tagged: [guest, mgmt]",
        "+  eth6:",
        "+    profile: plain",
        "+    network: office",
        "+    enabled: false",
      ]);
      expect(trip.message).toContain("Changed-on-device-by: lena");
      expect(trip.comment).toContain(SWITCH);
      desk.repository.git("merge", "-q", "--no-ff", "-m", "Adopted", trip.adopted.branch ?? "");
      await desk.apply(SWITCH);
    });

    test("a trunk that became an access port again loses its lists", async () => {
      await vsctl("set port eth4 vlan_mode=access tag=10", "clear port eth4 trunks");
      const trip = await desk.roundTrip(SWITCH);
      expect(trip.commands).toEqual([]);
      expect(trip.lines).toEqual([
        "-    mode: trunk",
        "-    native: office",
        "-    tagged: [guest, mgmt]",
        "+    mode: access",
        "+    network: office",
      ]);
      desk.repository.git("merge", "-q", "--no-ff", "-m", "Adopted", trip.adopted.branch ?? "");
    });

    test.each<[string, readonly string[], readonly RegExp[]]>([
      [
        "what has no word",
        [
          "set port eth3 tag=666",
          "set port eth2 vlan_mode=dot1q-tunnel",
          "clear port eth5 tag -- set port eth5 vlan_mode=trunk",
          "--id=@m create mirror name=tap -- add bridge br0 mirrors @m",
        ],
        [
          /no network of the site has VLAN 666/,
          /vlan_mode dot1q-tunnel has no word/,
          /a trunk without a list carries every VLAN/,
          /mirror tap: it is outside what the inventory claims/,
        ],
      ],
      [
        "a port in another network than what is plugged in",
        [
          "clear bridge br0 mirrors",
          "set port eth3 tag=90",
          "set port eth2 vlan_mode=access",
          "set port eth5 vlan_mode=access tag=10",
          "set port eth1 tag=90",
        ],
        [/L2-PORT-NETWORK/],
      ],
    ])("%s is refused, and leaves no branch", async (_title, edits, reasons) => {
      await vsctl(...edits);
      const branches = desk.repository.git("branch", "--list");
      const { code, result } = await desk.adopt(SWITCH);
      expect(code).toBe(1);
      for (const why of reasons) expect(result.refused.join("\n")).toMatch(why);
      expect(desk.repository.git("branch", "--list")).toBe(branches);
    });
  },
);
