import { describe, expect, test } from "vitest";
import { COMWARE_DIALECT } from "../../../src/drivers/comware/dialect.ts";
import { IOSXE_DIALECT } from "../../../src/drivers/iosxe/dialect.ts";
import { diffConfigs } from "../../../src/planner/config/change.ts";
import type { Dialect } from "../../../src/planner/config/dialect.ts";

function unsafe(dialect: Dialect, running: string, intended: string): string[] {
  return diffConfigs(dialect, running, intended, { scope: { kind: "full" } })
    .findings.filter((finding) => finding.code === "CFG-UNSAFE-STEP")
    .map((finding) => finding.message);
}

const IOS = (group: string, list: string) => `vlan 10
object-group network G
${group}
ip access-list extended F
${list}
interface Vlan10
 ip access-group F in
`;

describe("what a step does to packets is proved", () => {
  test("of two entries that trade places the one leaves whose absence opens nothing", () => {
    const list = (first: string, second: string) => ` 10 ${first}\n 20 ${second}\n 30 permit udp any any`;
    const change = diffConfigs(
      IOSXE_DIALECT,
      IOS(" host 10.0.0.1", list("permit tcp any any", "deny tcp any any eq 22")),
      IOS(" host 10.0.0.1", list("deny tcp any any eq 22", "permit tcp any any")),
      { scope: { kind: "full" } },
    );
    expect(change.commands).toEqual([
      "ip access-list extended F",
      "no 20",
      "5 deny tcp any any eq 22",
      "exit",
    ]);
    expect(change.findings.map((finding) => finding.code)).toEqual(["CFG-ACCESS-UNPROVED"]);
  });

  test("a host that a bound deny gains while a bound permit loses it stays out at every step", () => {
    const change = diffConfigs(
      IOSXE_DIALECT,
      IOS(" host 10.0.0.1", " 10 deny ip object-group G any\n 20 permit ip any any"),
      IOS(" host 10.0.0.2", " 10 deny ip object-group G any\n 20 permit ip any any"),
      { scope: { kind: "full" } },
    );
    expect(change.findings.filter((finding) => finding.code === "CFG-UNSAFE-STEP")).toEqual([]);
    expect(change.commands.slice(0, 3)).toEqual([
      "object-group network G",
      "host 10.0.0.2",
      "no host 10.0.0.1",
    ]);
  });

  test("IOS refuses to empty a group in use: where both members may not stand together, no order is safe", () => {
    const list = " 10 permit ip object-group G object-group G\n 20 deny ip any any";
    const messages = unsafe(IOSXE_DIALECT, IOS(" host 10.0.0.1", list), IOS(" host 10.0.0.2", list));
    expect(messages[0]).toMatch(/^no safe order: after "host 10\.0\.0\.2" .*permits .*10\.0\.0\.[12]/);
  });

  test("Comware takes the names of object groups in any case: nothing to type where only that differs", () => {
    const config = (made: string, used: string) => `object-group ip address ${made}
 0 network host address 10.0.0.1
acl advanced 3001
 rule 0 permit ip source object-group ${used}
`;
    const full = { scope: { kind: "full" } } as const;
    expect(diffConfigs(COMWARE_DIALECT, config("Web", "WEB"), config("web", "Web"), full).commands).toEqual(
      [],
    );
    const [first] = diffConfigs(COMWARE_DIALECT, "", config("Web", "WEB"), full).commands;
    expect(first).toBe("object-group ip address Web");
  });

  test("a group that no list uses may be emptied on IOS", () => {
    const list = " 10 permit ip any any";
    expect(unsafe(IOSXE_DIALECT, IOS(" host 10.0.0.1", list), IOS(" description none", list))).toEqual([]);
  });

  test("a group and the entry above it that change together: the finding names the packet or the order is safe", () => {
    const running = IOS(" host 10.0.0.1", " 10 permit ip object-group G any\n 20 deny ip any any");
    const intended = IOS(
      " host 10.0.0.1\n host 10.0.0.2",
      " 5 deny ip host 10.0.0.2 any\n 10 permit ip object-group G any\n 20 deny ip any any",
    );
    const change = diffConfigs(IOSXE_DIALECT, running, intended, { scope: { kind: "full" } });
    expect(change.findings.filter((finding) => finding.code === "CFG-UNSAFE-STEP")).toEqual([]);
    // The group widens only behind the deny, or 10.0.0.2 would get in for a moment.
    expect(change.commands.indexOf("host 10.0.0.2")).toBeGreaterThan(
      change.commands.indexOf("5 deny ip host 10.0.0.2 any"),
    );
  });

  test("a step that lets a packet in which both ends drop is named with that packet", () => {
    const text = (a: string, b: string, first: string, rest: string) => `object-group ip address A
 0 network host address ${a}
object-group ip address B
 0 network host address ${b}
acl advanced 3001
 rule 0 ${first} source object-group A
 rule 5 deny ip source object-group B
 rule 10 ${rest}
vlan 10
interface Vlan-interface10
 packet-filter 3001 inbound
`;
    const [message] = unsafe(
      COMWARE_DIALECT,
      text("10.0.0.1", "10.0.0.2", "permit ip", "permit tcp\n rule 15 deny ip"),
      text("10.0.0.2", "10.0.0.1", "deny udp", "permit ip"),
    );
    expect(message).toMatch(
      /after "undo rule 15" interface Vlan-interface10 inbound permits udp 10\.0\.0\.2:\d+ -> \S+; before and after drop it$/,
    );
  });

  test("IPv6: an entry that is not understood counts as undecided, never as safe", () => {
    const text = (list: string) => `vlan 10
ipv6 access-list F
${list}
interface Vlan10
 ipv6 traffic-filter F in
`;
    const messages = unsafe(
      IOSXE_DIALECT,
      text(" sequence 10 permit tcp any any eq 443\n sequence 20 deny ipv6 any any wobble"),
      text(" sequence 10 deny ipv6 any any wobble\n sequence 20 permit tcp any any eq 443"),
    );
    expect(messages.join()).toContain("perhaps");
  });
});
