import { describe, expect, test } from "vitest";
import { ask, read } from "./ask.ts";

const VRP = `acl number 3001
 description guests
 rule 5 permit tcp destination 10.1.20.5 0 destination-port eq www
 rule 10 permit tcp tcp-flag established
 rule 15 deny ip destination 10.0.0.0 0.255.255.255
 rule 20 permit udp destination-port range dns 60
 rule 25 permit icmp icmp-type echo
 rule 30 permit tcp source 10.0.1.0 0.255.0.255 destination-port gt 1023
 rule 35 deny tcp destination-port lt 100 time-range night
 rule 40 permit tcp tcp-flag syn
 rule 45 permit ip vpn-instance A
acl name WEB 3999
 rule deny tcp source 10.9.0.0 0.0.255.255
 rule permit tcp destination-port neq 25
acl 2000
 rule 5 permit source 10.1.99.0 0.0.0.255
acl ipv6 number 3005
 rule 5 permit tcp source 2001:db8:1::/48 destination-port eq 443
 rule 10 deny ipv6 source 2001:db8:1:: 48
acl number 3100
 rule 20 deny ip
 rule 10 permit ip source 10.0.0.1 0
acl number 3200 match-order auto
 rule 5 deny ip
acl number 3300
 rule 5 deny ip fragment
#
interface Vlanif90
 traffic-filter inbound acl 3001
user-interface vty 0 4
 acl 2000 inbound
`;

/** Verdicts worked out by hand from Huawei's command reference: acl, rule, traffic-filter. */
describe("vrp access lists", () => {
  test.each([
    ["a host is wildcard 0", "3001", "tcp 10.90.0.1 -> 10.1.20.5:80", "permit 3"],
    ["established is ACK or RST", "3001", "tcp 10.90.0.1 -> 10.1.20.6:80 established", "permit 4"],
    ["a deny with a wildcard", "3001", "tcp 10.90.0.1 -> 10.1.20.6:80", "deny 5"],
    ["a range with a name in it", "3001", "udp 10.90.0.1 -> 8.8.8.8:53", "permit 6"],
    ["an ICMP name means a code too", "3001", "icmp 10.90.0.1 -> 8.8.8.8 type 8 code 0", "permit 7"],
    ["and not another code", "3001", "icmp 10.90.0.1 -> 8.8.8.8 type 8 code 1", "permit 11"],
    ["a wildcard with a hole", "3001", "tcp 10.200.1.9 -> 8.8.8.8:1024", "permit 8"],
    ["gt leaves its number out", "3001", "tcp 10.200.1.9 -> 8.8.8.8:1023 flags fin", "permit 11"],
    ["a deny with a schedule never counts", "3001", "tcp 192.0.2.1 -> 8.8.8.8:99", "permit 10 unknown"],
    ["a named list by its name", "WEB", "tcp 10.9.1.1 -> 8.8.8.8:80", "deny 13"],
    ["and by its number; rules get numbers by step", "3999", "tcp 10.8.1.1 -> 8.8.8.8:80", "permit 14"],
    ["what no rule names passes a traffic filter", "3999", "tcp 10.8.1.1 -> 8.8.8.8:25", "permit implicit"],
    ["and is refused at a login", "2000", "tcp 10.1.98.1 -> 10.1.99.2:22", "deny implicit"],
    ["IPv6 with a slash", "3005", "tcp [2001:db8:1::9]:5 -> [2001:db8::1]:443", "permit 18"],
    ["and with a length", "3005", "tcp [2001:db8:1::9]:5 -> [2001:db8::1]:80", "deny 19"],
    ["rules count by number", "3100", "udp 10.0.0.1 -> 10.0.0.2:9", "permit 22"],
    ["match-order auto is not guessed", "3200", "udp 10.0.0.1 -> 10.0.0.2:9", "permit implicit unknown"],
    ["fragments never count for a deny", "3300", "udp 10.0.0.1 -> 10.0.0.2:9", "permit implicit unknown"],
  ])("%s", (_, filter, packet, answer) => {
    expect(ask("vrp", VRP, filter, packet)).toBe(answer);
  });

  test("an order and fragments that are not modelled are refused aloud", () => {
    const notes = read("vrp", VRP).flatMap((filter) =>
      filter.notes.filter(({ severity }) => severity === "error"),
    );
    expect(notes.map(({ code, line }) => `${code} ${line}`)).toEqual(["FLT-REFUSED 24", "FLT-REFUSED 26"]);
  });
});

const COMWARE = `object-group ip address SERVERS
 0 network host address 10.1.20.5
 10 network subnet 10.1.21.0 255.255.255.0
 20 network range 10.1.22.1 10.1.22.9
object-group ip address BROKEN
 0 network host name www.example.com
#
acl advanced 3001
 rule 0 permit tcp destination object-group SERVERS destination-port eq 443
 rule 5 permit tcp established
 rule 10 permit tcp ack 1 syn 0
 rule 15 deny udp source object-group BROKEN
 rule 20 permit udp counting
 rule 20 comment names
acl advanced name GUEST
 rule 0 deny icmp
 rule 5 permit ip destination 0.0.0.0 255.255.255.255
acl basic name LOGIN
 rule 0 permit source 10.1.99.0 0.0.0.255
acl ipv6 advanced 3001
 rule 0 permit icmpv6 icmp6-type 128 0
interface Vlan-interface90
 packet-filter 3001 inbound
line vty 0 63
 acl name-of-other inbound
 packet-filter name GUEST outbound
`;

/** Verdicts worked out by hand from H3C's ACL command reference. */
describe("comware access lists", () => {
  test.each([
    ["an object group", "3001", "tcp 10.90.0.1 -> 10.1.22.9:443", "permit 9"],
    ["outside of it", "3001", "tcp 10.90.0.1 -> 10.1.22.10:443", "permit 11"],
    ["established", "3001", "tcp 10.90.0.1 -> 10.1.9.9:80 established", "permit 10"],
    ["several flags are a condition", "3001", "tcp 10.90.0.1 -> 10.1.9.9:80 flags fin", "permit 11"],
    [
      "a group with a domain name never counts for a deny",
      "3001",
      "udp 10.90.0.1 -> 10.1.9.9:80",
      "permit 13 unknown",
    ],
    ["a list with a name", "GUEST", "icmp 10.90.0.1 -> 10.1.9.9", "deny 16"],
    ["a basic list with a name", "LOGIN", "tcp 10.1.99.9 -> 10.1.9.9:22", "permit 19"],
    ["IPv6 by the packet's family", "3001", "icmp 2001:db8::1 -> 2001:db8::2 type 128 code 0", "permit 21"],
  ])("%s", (_, filter, packet, answer) => {
    expect(ask("comware", COMWARE, filter, packet)).toBe(answer);
  });

  test("packet-filter default deny turns what no rule names round", () => {
    expect(
      ask("comware", `packet-filter default deny\n${COMWARE}`, "LOGIN", "tcp 10.9.9.9 -> 10.1.9.9:22"),
    ).toBe("deny implicit");
  });
});
