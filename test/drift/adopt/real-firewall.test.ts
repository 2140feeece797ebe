import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { titled, whyNoLab } from "../../lab/real/practice-site.ts";
import { type Desk, openDesk } from "./real-desk.ts";

/** Lines of a rules file without what is the same in each: who, when, why. */
function told(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !/^[+-] {2}(?:reason|owner|ticket|created|review):/.test(line));
}

function added(from: string, to: string, service: string, ...more: readonly string[]): readonly string[] {
  return [`+  from: ${from}`, `+  to: ${to}`, `+  service: ${service}`, ...more];
}

function removed(from: string, to: string, service: string): readonly string[] {
  return [`-  from: ${from}`, `-  to: ${to}`, `-  service: ${service}`, "-  log: true"];
}

const reason = await whyNoLab();
const FIREWALL = "fw-1";
const TABLE = "inet sitewright";

describe.skipIf(reason)(
  titled("what somebody typed with nft on a running firewall, taken into the inventory", reason),
  { timeout: 300_000 },
  () => {
    let desk: Desk;
    beforeAll(async () => {
      desk = await openDesk([FIREWALL]);
    }, 300_000);
    afterAll(() => desk?.close());
    const nft = (...lines: readonly string[]): Promise<void> =>
      desk.lena(FIREWALL, ...lines.map((line) => `sudo nft '${line}'`));
    /** Deletes the lines of a chain that hold some words, as a person finds them: by their handles. */
    const gone = (chain: string, words: string): Promise<void> =>
      desk.lena(
        FIREWALL,
        `for h in $(sudo nft -a list chain ${TABLE} ${chain} | grep '${words}' | sed 's/.*# handle //'); do sudo nft delete rule ${TABLE} ${chain} handle $h || exit 1; done`,
      );
    /** Replaces a line of R0003, the waiting room's, as `nft replace rule` does. */
    const replaced = (words: string, line: string): Promise<void> =>
      desk.lena(
        FIREWALL,
        `h=$(sudo nft -a list chain ${TABLE} guest_to_internet | grep '${words}' | sed 's/.*# handle //') && sudo nft replace rule ${TABLE} guest_to_internet handle $h '${line} comment "R0003 HD-0002"'`,
      );
    const merge = async (branch: string | null): Promise<void> => {
      desk.repository.git("merge", "-q", "--no-ff", "-m", "Adopted", branch ?? "");
      await desk.apply(FIREWALL);
    };

    test("rules that accept and drop, other ports, rules that are gone, the last of a chain too: only spelling is left to send", async () => {
      await nft(
        `insert rule ${TABLE} office_to_internet ip saddr 10.60.10.0/24 tcp dport { 465, 587, 993 } accept`,
        `insert rule ${TABLE} office_to_internet ip saddr 10.60.10.21 tcp dport 445 drop`,
        `insert rule ${TABLE} office_to_server ip saddr 10.60.10.0/24 ip daddr 10.60.20.10 udp dport 123 log accept`,
      );
      await replaced("tcp dport", "ip saddr 10.60.90.0/24 tcp dport { 80, 443 } accept");
      await replaced("udp dport", "ip saddr 10.60.90.0/24 udp dport 443 accept");
      await gone("mgmt_to_server", "R0007");
      await gone("server_to_backup", "R0005");
      const trip = await desk.roundTrip(FIREWALL);
      expect(told(trip.lines)).toEqual([
        "-  service: [web, dns]",
        "+  service: web",
        "-R0005:",
        ...removed("srv-practice", "srv-files", "ssh"),
        "-R0007:",
        ...removed("admin-pc", "srv-practice", "[ssh, https, ping]"),
        "+R0011:",
        ...added("office", "zone:internet", "mail"),
        "+R0001-1:",
        ...added("xray-pc", "zone:internet", "smb", "+  action: deny"),
        "+R0012:",
        ...added("office", "srv-practice", "ntp", "+  log: true"),
      ]);
      expect(trip.message).toContain("Changed-on-device-by: lena");
      // Every chain that was touched, and the ways into the one that is empty now: our comments, order and places.
      expect(trip.adopted.respelled.map((one) => one.replace("table inet sitewright / ", ""))).toEqual([
        "chain server_to_backup",
        "map zonepair",
        "chain office_to_internet",
        "chain office_to_server",
      ]);
      // A table is sent whole, in one transaction.
      expect(trip.commands.slice(0, 2)).toEqual([`add table ${TABLE}`, `delete table ${TABLE}`]);
      expect(trip.comment).toMatch(/flows? opened/);
      expect(trip.comment).toContain("chain office_to_internet");
      await merge(trip.adopted.branch);
    });

    test("a chain typed anew, with the way into it, and a rule to the firewall itself", async () => {
      await nft(
        `add chain ${TABLE} server_to_backup`,
        `add rule ${TABLE} server_to_backup ip saddr 10.60.20.10 ip daddr 10.60.60.5 tcp dport 22 log accept`,
        `add element ${TABLE} zonepair { "eth2" . "eth3" : jump server_to_backup }`,
        `insert rule ${TABLE} input iifname "eth5" ip saddr 10.60.99.10 udp dport 161 log accept`,
      );
      const trip = await desk.roundTrip(FIREWALL);
      expect(told(trip.lines)).toEqual([
        "+R0013:",
        ...added("admin-pc", "zone:self", "snmp", "+  log: true"),
        "+R0014:",
        ...added("srv-practice", "srv-files", "ssh", "+  log: true"),
      ]);
      expect(trip.adopted.respelled.map((one) => one.replace("table inet sitewright / ", ""))).toEqual([
        "chain input",
        "chain server_to_backup",
      ]);
    });

    test.each<[string, readonly string[], readonly RegExp[]]>([
      [
        "a translation, a line behind the last drop, a line without addresses, what a rule has no word for",
        [
          `insert rule ${TABLE} postrouting oifname "eth0" ip saddr 10.60.60.0/28 masquerade`,
          `add rule ${TABLE} input iifname "eth5" ip saddr 10.60.99.11 udp dport 161 accept`,
        ],
        [/no word for/, /behind the last drop/],
      ],
    ])("%s is refused with its reason, and leaves no branch", async (_title, edits, reasons) => {
      await nft(...edits);
      const branches = desk.repository.git("branch", "--list");
      const { code, result } = await desk.adopt(FIREWALL);
      expect(code).toBe(1);
      for (const why of reasons) expect(result.refused.join("\n")).toMatch(why);
      expect(desk.repository.git("branch", "--list")).toBe(branches);
    });
  },
);
