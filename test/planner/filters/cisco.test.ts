import { describe, expect, test } from "vitest";
import { ask, read } from "./ask.ts";

const CONFIG = `hostname r1
object-group network SERVERS
 host 10.1.20.5
 10.1.21.0 255.255.255.0
 range 10.1.22.10 10.1.22.12
 group-object MORE
object-group network MORE
 host 10.9.9.9
object-group service WEB
 tcp eq www
 tcp-udp range 8000 8010
 icmp echo
ip access-list extended GUEST
 remark guests
 10 permit tcp any any established
 20 permit udp any eq bootpc any eq bootps
 30 permit object-group WEB any object-group SERVERS log
 40 deny ip any 10.0.0.0 0.255.255.255
 50 permit tcp any any range 20 21
 60 permit tcp any gt 1023 any lt 20
 70 permit udp any any neq 53
 80 permit icmp any any ttl-exceeded
 90 permit tcp any host 192.0.2.9 match-all +syn -ack
 100 permit 47 any any
ip access-list extended ODD
 10 permit ip 10.0.1.0 0.255.0.255 any
 20 permit ip 10.0.0.1 255.255.255.254 host 192.0.2.1
 30 deny tcp any any eq www time-range NIGHT
 40 permit tcp any any eq www
 50 deny ip any any dscp ef
 60 permit udp any any dscp ef
ip access-list extended REFUSED
 10 permit tcp any any reflect MIRROR
 20 evaluate MIRROR
 30 deny ip any any fragments
 40 permit tcp any any eq telnet bogus-word
ip access-list extended ORDER
 20 deny ip any any
 10 permit ip host 10.0.0.1 any
ip access-list standard LOGIN
 10 permit 10.70.99.0 0.0.0.255
 20 deny any log
access-list 10 permit 10.0.0.7
access-list 110 permit tcp host 10.0.0.1 eq 179 host 10.0.0.2
ipv6 access-list SIX
 sequence 10 permit tcp 2001:db8:1::/48 any eq 443
 sequence 20 permit icmp any any echo-request
 deny udp any host 2001:db8::53 eq domain
 permit udp any any
ipv6 access-list SHUT
 deny ipv6 any any
ip access-list extended EMPTY
interface Vlan90
 ip access-group GUEST in
 ipv6 traffic-filter SIX in
line vty 0 4
 access-class LOGIN in
`;

/** Verdicts worked out by hand from the IOS command references (access-list, ipv6 access-list, object-group). */
const ROWS: readonly (readonly [title: string, filter: string, packet: string, answer: string])[] = [
  ["established takes a segment with ACK", "GUEST", "tcp 10.90.0.9 -> 10.1.20.5:22 established", "permit 15"],
  ["established takes RST", "GUEST", "tcp 10.90.0.9 -> 10.1.20.5:22 flags rst", "permit 15"],
  ["established does not take SYN", "GUEST", "tcp 10.90.0.9 -> 10.1.20.5:22", "deny 18"],
  ["named ports of UDP", "GUEST", "udp 0.0.0.0:68 -> 255.255.255.255:67", "permit 16"],
  ["a service group on a network group", "GUEST", "tcp 10.90.0.9 -> 10.1.21.77:80", "permit 17"],
  ["tcp-udp means both", "GUEST", "udp 10.90.0.9 -> 10.1.22.12:8010", "permit 17"],
  ["the end of a range is in it, what follows is not", "GUEST", "tcp 10.90.0.9 -> 10.1.22.13:80", "deny 18"],
  ["a group within a group", "GUEST", "icmp 10.90.0.9 -> 10.9.9.9 type 8", "permit 17"],
  ["ICMP of a service group is that type only", "GUEST", "icmp 10.90.0.9 -> 10.9.9.9 type 13", "deny 18"],
  ["range takes both ends", "GUEST", "tcp 10.90.0.9 -> 8.8.8.8:21", "permit 19"],
  ["gt leaves its number out", "GUEST", "tcp 10.90.0.9:1023 -> 8.8.8.8:19", "deny implicit"],
  ["lt leaves its number out", "GUEST", "tcp 10.90.0.9:1024 -> 8.8.8.8:19", "permit 20"],
  ["neq takes every other port", "GUEST", "udp 10.90.0.9 -> 8.8.8.8:54", "permit 21"],
  ["neq leaves its port out", "GUEST", "udp 10.90.0.9 -> 8.8.8.8:53", "deny implicit"],
  ["an ICMP name with a code", "GUEST", "icmp 10.90.0.9 -> 8.8.8.8 type 11 code 0", "permit 22"],
  ["the other code of that type", "GUEST", "icmp 10.90.0.9 -> 8.8.8.8 type 11 code 1", "deny implicit"],
  [
    "match-all asks for flags that are set and that are not",
    "GUEST",
    "tcp 10.90.0.9 -> 192.0.2.9:99",
    "permit 23",
  ],
  [
    "match-all does not take what lacks SYN",
    "GUEST",
    "tcp 10.90.0.9 -> 192.0.2.9:99 flags fin",
    "deny implicit",
  ],
  ["a protocol number", "GUEST", "proto 47 10.90.0.9 -> 8.8.8.8", "permit 24"],
  ["a wildcard with a hole takes any second octet", "ODD", "tcp 10.77.1.200 -> 8.8.8.8:1", "permit 26"],
  ["and no other third one", "ODD", "tcp 10.77.2.200 -> 8.8.8.8:1", "deny implicit"],
  ["a wildcard that asks for odd addresses", "ODD", "proto 50 172.16.3.201 -> 192.0.2.1", "permit 27"],
  ["and an even one", "ODD", "proto 50 172.16.3.200 -> 192.0.2.1", "deny implicit"],
  ["a deny with a schedule never counts", "ODD", "tcp 172.16.0.2 -> 8.8.8.8:80", "permit 29 unknown"],
  ["a deny before it takes what shares its condition", "ODD", "udp 172.16.0.2 -> 8.8.8.8:9", "deny implicit"],
  ["entries count by number, not by place", "ORDER", "tcp 10.0.0.1 -> 8.8.8.8:80", "permit 39"],
  ["a standard list asks for the source", "LOGIN", "tcp 10.70.99.4 -> 10.0.0.1:22", "permit 41"],
  ["and an explicit deny says so", "LOGIN", "tcp 10.70.98.4 -> 10.0.0.1:22", "deny 42"],
  ["an address alone in a standard list is a host", "10", "udp 10.0.0.8 -> 10.0.0.1:161", "deny implicit"],
  ["a numbered extended list with a source port", "110", "tcp 10.0.0.1:179 -> 10.0.0.2:30000", "permit 44"],
  ["IPv6 by prefix", "SIX", "tcp [2001:db8:1::7]:5000 -> [2001:db8::1]:443", "permit 46"],
  ["ICMPv6 by name", "SIX", "icmp 2001:db8::1 -> 2001:db8::2 type 128", "permit 47"],
  [
    "an IPv6 list lets neighbour discovery through by itself",
    "SIX",
    "icmp fe80::1 -> ff02::1:ff00:2 type 135",
    "permit implicit",
  ],
  ["unless an entry denies it", "SHUT", "icmp fe80::1 -> ff02::1:ff00:2 type 135", "deny 51"],
  [
    "an entry without a number follows the last",
    "SIX",
    "udp [2001:db8::1]:5 -> [2001:db8::53]:53",
    "deny 48",
  ],
  [
    "a list without entries lets everything through",
    "EMPTY",
    "tcp 10.0.0.1 -> 10.0.0.2:22",
    "permit implicit",
  ],
  ["what cannot be read may match a permit", "REFUSED", "udp 10.0.0.1 -> 10.0.0.2:22", "permit 34 unknown"],
];

describe("iosxe access lists", () => {
  test.each(ROWS)("%s", (_, filter, packet, answer) => {
    expect(ask("iosxe", CONFIG, filter, packet)).toBe(answer);
  });

  test("what is refused or not read is said with its line", () => {
    const refused = read("iosxe", CONFIG).find(({ name }) => name === "REFUSED");
    expect(refused?.notes.map(({ code, line }) => `${code} ${line}`)).toEqual([
      "FLT-REFUSED 33",
      "FLT-REFUSED 34",
      "FLT-REFUSED 35",
      "FLT-UNREAD 36",
    ]);
  });

  test("bindings tell interfaces from terminal lines", () => {
    const bindings = read("iosxe", CONFIG).map(({ name, bindings: own }) => [name, own]);
    expect(Object.fromEntries(bindings)).toMatchObject({
      GUEST: [{ place: "Vlan90", direction: "in" }],
      SIX: [{ place: "Vlan90", direction: "in" }],
      LOGIN: [{ place: "line vty 0 4", direction: "local" }],
    });
  });
});

const EOS = `ip access-list EDGE
   10 permit tcp 10.0.0.0/24 eq www any established
   20 deny ip any host 10.1.1.1
   30 permit ip 10.2.0.0/16 any tracked
   40 permit udp any any eq ntp
ip access-list standard MGMT
   10 permit 10.70.0.0/16
ipv6 access-list EDGE
   10 permit tcp any host 2001:db8::5 eq ssh
`;

describe("eos access lists", () => {
  test.each([
    ["prefixes for masks", "EDGE", "tcp 10.0.0.7:80 -> 10.3.0.1:5000 established", "permit 2"],
    ["a deny of a host", "EDGE", "udp 10.2.0.1 -> 10.1.1.1:123", "deny 3"],
    ["tracked asks for the connection table", "EDGE", "tcp 10.2.0.1 -> 10.3.0.1:22", "permit 4 unknown"],
    ["a name for a port", "EDGE", "udp 10.9.0.1 -> 10.3.0.1:123", "permit 5"],
    ["the list of the packet's family", "EDGE", "tcp [2001:db8::1]:5 -> [2001:db8::5]:22", "permit 9"],
    ["a standard list", "MGMT", "tcp 10.71.0.1 -> 10.0.0.1:22", "deny implicit"],
  ])("%s", (_, filter, packet, answer) => {
    expect(ask("eos", EOS, filter, packet)).toBe(answer);
  });
});
