import { describe, expect, test } from "vitest";
import { filterReaderFor } from "../../../src/drivers/filter-registry.ts";
import { parseAddress } from "../../../src/model/address.ts";
import { parsePacket } from "../../../src/planner/flows/packet-text.ts";
import { testPacket } from "../../../src/planner/flows/test-packet.ts";

const EXPORT = `# 2026-11-01 10:00:00 by RouterOS 7.16
/interface list member
add interface=ether2 list=LAN
/ip firewall address-list
add address=10.0.20.5 list=servers
add address=10.0.20.8-10.0.20.9 list=servers
/ip firewall filter
add action=accept chain=forward connection-state=established,related,untracked
add action=drop chain=forward connection-state=invalid
add action=jump chain=forward jump-target=to-servers dst-address-list=servers
add action=accept chain=forward protocol=icmp icmp-options=8:0
add action=accept chain=forward protocol=tcp src-address=!10.0.99.0/24 dst-port=8000-8010,9000
add action=accept chain=forward in-interface-list=LAN protocol=udp dst-port=53
add action=accept chain=forward disabled=yes
add action=drop chain=forward comment="the \\
    rest"
add action=accept chain=to-servers protocol=tcp dst-port=443
add action=return chain=to-servers protocol=udp
add action=drop chain=to-servers
/ipv6 firewall filter
add action=drop chain=forward protocol=tcp dst-port=22
`;

function ask(name: string, text: string): string {
  const filter = filterReaderFor("routeros")?.(EXPORT).find((one) => one.name === name);
  const parsed = parsePacket(text, (address) => {
    const read = parseAddress(address);
    return read && { family: read.version, value: read.value };
  });
  if (filter === undefined || !("packet" in parsed)) throw new Error(`no filter or packet: ${text}`);
  const answer = testPacket(filter.list, parsed.packet);
  return answer.certain ? answer.verdict : `perhaps ${answer.verdict}`;
}

describe("rules of a RouterOS export", () => {
  test.each([
    ["tcp 10.0.1.1 -> 10.0.20.5:443", "permit"],
    ["tcp 10.0.1.1 -> 10.0.20.9:443", "permit"],
    ["tcp 10.0.1.1 -> 10.0.20.7:443", "deny"],
    ["tcp 10.0.1.1 -> 10.0.20.5:80", "deny"],
    ["tcp 10.0.1.1 -> 10.0.20.5:80 established", "permit"],
    ["tcp 10.0.1.1 -> 10.0.30.1:8005", "permit"],
    ["tcp 10.0.1.1 -> 10.0.30.1:9000", "permit"],
    ["tcp 10.0.99.1 -> 10.0.30.1:9000", "deny"],
    ["icmp 10.0.1.1 -> 10.0.30.1 type 8 code 0", "permit"],
    ["icmp 10.0.1.1 -> 10.0.30.1 type 13 code 0", "deny"],
    ["tcp 10.0.1.1 -> 10.0.30.1:23", "deny"],
  ])("forward: %s: %s", (packet, verdict) => {
    expect(ask("forward", packet)).toBe(verdict);
  });

  test("a list of interfaces is a condition that is not decided; what comes back from a jump meets the rules below", () => {
    expect(ask("forward", "udp 10.0.1.1 -> 10.0.20.5:53")).toMatch(/^perhaps/);
    expect(ask("forward", "udp 10.0.1.1 -> 10.0.20.5:54")).toBe("deny");
  });

  test("a chain without rules lets everything through, and IPv6 has chains of its own", () => {
    expect(ask("input", "tcp 10.0.1.1 -> 10.0.0.1:22")).toBe("permit");
    expect(ask("ipv6 forward", "tcp 2001:db8::1 -> [2001:db8::2]:22")).toBe("deny");
    expect(ask("ipv6 forward", "tcp 2001:db8::1 -> [2001:db8::2]:23")).toBe("permit");
  });

  test("a jump to itself is said to be refused, and nothing is certain of its chain", () => {
    const text = "/ip firewall filter\nadd action=jump chain=forward jump-target=forward\n";
    const filter = filterReaderFor("routeros")?.(text).find((one) => one.name === "forward");
    expect(filter?.notes.map((note) => note.code)).toEqual(["FLT-REFUSED"]);
  });

  test("a rule that cannot be read is noted with its line, and may match anything", () => {
    const text = "/ip firewall filter\nadd action=accept chain=input protocol=tcp dst-port=wobble\n";
    const filter = filterReaderFor("routeros")?.(text).find((one) => one.name === "input");
    expect(filter?.notes.map(({ code, line }) => [code, line])).toContainEqual(["FLT-UNREAD", 2]);
    expect(filter?.list.rules.map((rule) => rule.exact)).toEqual([false]);
  });
});
