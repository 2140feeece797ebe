import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Piece, parsePattern } from "../../../src/lab/emulator/cli/pattern.ts";
import type { View } from "../../../src/lab/emulator/cli/view.ts";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import { IOS_DIALECT } from "../../../src/lab/emulator/iosxe/dialect.ts";
import { Terminal } from "../../../src/lab/emulator/terminal.ts";
import { VRP_DIALECT } from "../../../src/lab/emulator/vrp/dialect.ts";

/** Lines that lead into each view, and the view's name in the tables. */
const VIEWS = {
  iosxe: [
    ["exit", "global"],
    ["interface gi1/0/1", "if-port"],
    ["interface Vlan10", "if-vlan"],
    ["interface Port-channel 2", "if-port"],
    ["vlan 10", "vlan"],
    ["ip access-list extended A", "acl-extended"],
    ["ip access-list standard B", "acl-standard"],
    ["line vty 0 4", "line"],
    ["archive", "archive"],
    ["ip dhcp pool P", "dhcp-pool"],
  ],
  vrp: [
    ["quit", "system"],
    ["interface g0/0/1", "port"],
    ["interface Eth-Trunk1", "trunk"],
    ["interface Vlanif1", "vlanif"],
    ["vlan 10", "vlan"],
    ["acl 3000", "acl-advanced"],
    ["acl 2000", "acl-basic"],
    ["aaa", "aaa"],
    ["user-interface vty 0 4", "ui"],
    ["ip pool P", "pool"],
  ],
} as const;

const address = fc.constantFrom("10.0.0.1", "10.0.10.7", "192.0.2.0", "0.0.0.0");
const VALUES: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ipv4: address,
  netmask: fc.constantFrom("255.255.255.0", "255.255.255.252"),
  mask: fc.constantFrom("255.255.255.0", "24", "0.0.0.0"),
  wild: fc.constantFrom("0", "0.0.0.255"),
  ipv6: fc.constantFrom("2001:db8::5", "::"),
  prefix6: fc.constantFrom("2001:db8::/64", "::/0"),
  percent: fc.constantFrom("1", "0.50", "100"),
  mac: fc.constant("0011.2233.4455"),
  // Rests of lines that several rules read: entries of filters, server lists, free text.
  line: fc.constantFrom(
    "ssh",
    "10.0.0.5 10.0.0.6",
    "tcp any any eq 80",
    "ip any any",
    "any",
    "source 10.0.0.1 0",
    "tcp destination-port eq 22",
    "some text",
    "default group tacacs+ local",
  ),
};

function argument(type: string, platform: "iosxe" | "vrp"): fc.Arbitrary<string> {
  const range = /^(\d+)-(\d+)$/.exec(type);
  if (range !== null)
    return fc
      .integer({ min: Number(range[1]), max: Math.min(Number(range[2]), Number(range[1]) + 40) })
      .map(String);
  if (type === "iface")
    return platform === "iosxe"
      ? fc.constantFrom("gi1/0/2", "Vlan10", "Loopback0", "Port-channel3")
      : fc.constantFrom("GigabitEthernet0/0/2", "Vlanif1", "Eth-Trunk3", "LoopBack0");
  if (type === "ifaces") return fc.constantFrom("gi1/0/1-2", "vlan 10 - 11");
  if (type === "vlans")
    return platform === "iosxe" ? fc.constantFrom("10", "10,20-22") : fc.constantFrom("10", "10 20 to 22");
  return VALUES[type] ?? fc.constantFrom("A", "B", "NAME-1", "10.0.0.9");
}

/** Writes a line that a pattern allows. */
function lineOf(piece: Piece, platform: "iosxe" | "vrp"): fc.Arbitrary<string> {
  switch (piece.kind) {
    case "word":
      return fc.constant(piece.word);
    case "arg":
      return piece.choices === undefined ? argument(piece.type, platform) : fc.constantFrom(...piece.choices);
    case "opt":
      return fc.oneof(fc.constant(""), lineOf(piece.part, platform));
    case "any":
      return fc.oneof(...piece.parts.map((part) => lineOf(part, platform)));
    case "seq":
      return fc
        .tuple(...piece.parts.map((part) => lineOf(part, platform)))
        .map((texts) => texts.filter((text) => text !== "").join(" "));
  }
}

function editOf<S>(
  platform: "iosxe" | "vrp",
  views: ReadonlyMap<string, View<S>>,
  negation: string,
): fc.Arbitrary<string[]> {
  const byView = VIEWS[platform].map(([entry, name]) => {
    const patterns = (views.get(name)?.table ?? []).flatMap((rule) =>
      rule === "!" || /marker|banner|header/.test(rule.p) ? [] : [rule.p],
    );
    const lines = patterns.map((text) => lineOf(parsePattern(text), platform));
    return fc
      .tuple(fc.oneof(...lines), fc.integer({ min: 0, max: 5 }))
      .map(([line, dice]) => [entry, dice === 0 ? `${negation} ${line}` : line]);
  });
  return fc.oneof(...byView);
}

const EDITS = {
  iosxe: editOf("iosxe", IOS_DIALECT.views, "no"),
  vrp: editOf("vrp", VRP_DIALECT.views, "undo"),
} as const;

describe.each(["iosxe", "vrp"] as const)("%s", (platform) => {
  it("takes or refuses any line of its tables, and what it then prints reads back the same (law)", async () => {
    let taken = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(EDITS[platform], { minLength: 20, maxLength: 60 }), async (edits) => {
        const one = await startEmulator({ platform, hostname: "SW1", users: [] });
        for (const edit of edits) {
          try {
            one.handEdit(edit);
            taken += 1;
          } catch (error) {
            if (!(error instanceof Error) || !error.message.startsWith("hand edit refused")) throw error;
          }
        }
        const two = await startEmulator({ platform, hostname: "SW2", users: [], config: one.running() });
        expect(two.running()).toBe(one.running());
        await Promise.all([one.stop(), two.stop()]);
      }),
      { numRuns: 60 },
    );
    expect(taken).toBeGreaterThan(500);
  });
});

describe("a terminal", () => {
  it("survives any keys (law)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "binary-ascii", maxLength: 30 }), { maxLength: 20 }),
        async (texts) => {
          let sent = 0;
          const send = (text: string): void => {
            sent += text.length;
          };
          const terminal = new Terminal({ send, close: () => undefined });
          for (const text of texts) terminal.feed(text);
          terminal.feed("\r");
          const typed = await terminal.readLine("SW1#", { width: 40, help: () => "help\n" });
          expect(typed?.text).not.toMatch(/[\r\n]/);
          expect(sent).toBeGreaterThan(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});
