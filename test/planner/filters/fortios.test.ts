import { describe, expect, test } from "vitest";
import { ask } from "./ask.ts";

const CONFIG = `config system zone
    edit "office"
        set interface "vlan10" "vlan11"
    next
end
config firewall address
    edit "n-office"
        set subnet 10.0.10.0 255.255.255.0
    next
    edit "h-erp"
        set type iprange
        set start-ip 10.0.20.5
        set end-ip 10.0.20.9
    next
    edit "odd"
        set type wildcard
        set wildcard 10.0.0.5 255.255.0.255
    next
    edit "web"
        set type fqdn
        set fqdn "www.example.com"
    next
    edit "cn"
        set type geography
        set country "CN"
    next
end
config firewall address6
    edit "n6"
        set ip6 2001:db8:10::/48
    next
end
config firewall addrgrp
    edit "erp-and-web"
        set member "h-erp" "web"
    next
    edit "erp-but-7"
        set member "h-erp"
        set exclude enable
        set exclude-member "seven"
    next
end
config firewall service custom
    edit "own"
        set tcp-portrange 8443 9000-9010:1024-65535
        set udp-portrange 5000
    next
    edit "type13"
        set protocol ICMP
        set icmptype 13
    next
end
config firewall service group
    edit "both"
        set member "own" "PING"
    next
end
config firewall policy
    edit 12
        set srcintf "office"
        set dstintf "server"
        set srcaddr "n-office"
        set dstaddr "erp-and-web"
        set service "HTTPS" "both"
        set schedule "always"
        set action accept
    next
    edit 13
        set status disable
        set srcintf "office"
        set dstintf "server"
        set srcaddr "all"
        set dstaddr "all"
        set service "ALL"
        set schedule "always"
        set action accept
    next
    edit 14
        set srcintf "any"
        set dstintf "server"
        set srcaddr "odd"
        set srcaddr-negate enable
        set dstaddr "h-erp"
        set service "SSH"
        set schedule "night"
        set action accept
    next
    edit 15
        set srcintf "vlan20"
        set dstintf "server"
        set srcaddr "odd"
        set srcaddr-negate enable
        set dstaddr "all"
        set service "SSH"
        set schedule "always"
        set action accept
    next
    edit 16
        set srcintf "office"
        set dstintf "wan1"
        set srcaddr "all"
        set dstaddr "cn"
        set service "ALL"
        set schedule "always"
    next
    edit 17
        set srcintf "office"
        set dstintf "wan1"
        set srcaddr "all"
        set dstaddr "all"
        set service "DNS" "PING"
        set service-negate enable
        set schedule "always"
    next
    edit 18
        set srcintf "office"
        set dstintf "wan1"
        set srcaddr "all"
        set dstaddr "all"
        set srcaddr6 "n6"
        set dstaddr6 "all"
        set service "ALL"
        set schedule "always"
        set action accept
    next
end
`;

const VDOMS = `config vdom
edit red
config firewall policy
    edit 1
        set srcintf "a"
        set dstintf "b"
        set srcaddr "all"
        set dstaddr "all"
        set service "ALL"
        set schedule "always"
        set action accept
    next
end
next
edit blue
config firewall policy
    edit 1
        set srcintf "a"
        set dstintf "b"
        set srcaddr "all"
        set dstaddr "all"
        set service "ALL"
        set schedule "always"
        set action deny
    next
end
end
`;

/** Verdicts worked out by hand from the FortiOS administration guide and CLI reference (firewall policy). */
describe("fortios policies", () => {
  test.each([
    ["addresses and a predefined service", "office->server", "tcp 10.0.10.4 -> 10.0.20.9:443", "permit 59"],
    [
      "a policy of a zone counts for its members",
      "vlan11->server",
      "tcp 10.0.10.4 -> 10.0.20.5:8443",
      "permit 59",
    ],
    [
      "a service with a range of source ports",
      "office->server",
      "tcp 10.0.10.4:1023 -> 10.0.20.5:9000",
      "deny implicit",
    ],
    ["a service group", "office->server", "icmp 10.0.10.4 -> 10.0.20.5 type 8", "permit 59"],
    [
      "a domain name may be any address",
      "office->server",
      "tcp 10.0.10.4 -> 192.0.2.1:443",
      "permit 59 unknown",
    ],
    [
      "a disabled policy is not there, the last is the implicit deny",
      "office->server",
      "tcp 10.0.10.4 -> 10.0.20.5:25",
      "deny implicit",
    ],
    ["a schedule may hold", "server->server", "tcp 10.9.9.9 -> 10.0.20.5:22", "permit 78 unknown"],
    ["a negated address with a hole: outside", "vlan20->server", "tcp 10.0.7.6 -> 10.0.30.1:22", "permit 88"],
    [
      "a negated address with a hole: inside",
      "vlan20->server",
      "tcp 10.0.7.5 -> 10.0.30.1:22",
      "deny implicit",
    ],
    [
      "a country never counts for a deny",
      "office->wan1",
      "udp 10.0.10.4 -> 8.8.8.8:53",
      "permit 115 unknown",
    ],
    ["a negated service is all the others", "office->wan1", "tcp 10.0.10.4 -> 8.8.8.8:443", "deny 106"],
    ["and not those that it names", "office->wan1", "icmp 10.0.10.4 -> 8.8.8.8 type 8", "permit 115 unknown"],
    [
      "IPv6 has its own addresses",
      "office->wan1",
      "udp [2001:db8:10::5]:9 -> [2001:db8::1]:53",
      "permit 115",
    ],
    ["and others do not pass", "office->wan1", "udp [2001:db8:11::5]:9 -> [2001:db8::1]:53", "deny implicit"],
    [
      "open sessions pass before any policy",
      "office->wan1",
      "tcp 10.0.10.4 -> 8.8.8.8:443 established",
      "permit implicit",
    ],
  ])("%s", (_, filter, packet, answer) => {
    expect(ask("fortios", CONFIG, filter, packet)).toBe(answer);
  });

  test("each VDOM has its own policies", () => {
    expect(ask("fortios", VDOMS, "red a->b", "tcp 10.0.0.1 -> 10.0.0.2:1")).toBe("permit 4");
    expect(ask("fortios", VDOMS, "blue a->b", "tcp 10.0.0.1 -> 10.0.0.2:1")).toBe("deny 17");
    expect(() => ask("fortios", VDOMS, "a->b", "tcp 10.0.0.1 -> 10.0.0.2:1")).toThrow("several filters");
  });
});
