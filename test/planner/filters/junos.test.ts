import { describe, expect, test } from "vitest";
import { ask, read } from "./ask.ts";

const BRACES = `policy-options {
    prefix-list SERVERS { 10.1.20.0/24; 10.1.20.99/32; }
}
firewall {
    family inet {
        filter OFFICE {
            term established {
                from { protocol tcp; tcp-established; }
                then accept;
            }
            term count { then { count all; next term; } }
            inactive: term off { then accept; }
            term except {
                from {
                    source-address { 10.1.0.0/16; 10.1.90.0/24 except; 10.1.90.7/32; }
                    destination-prefix-list { SERVERS; }
                    protocol [ tcp udp ];
                    destination-port [ https 8000-8010 ];
                }
                then { log; accept; }
            }
            term initial {
                from { protocol tcp; tcp-flags "(syn & !ack)"; source-port-except 0-1023; destination-port 25; }
                then { discard; }
            }
            term either {
                from { address 10.7.7.7/32; protocol-except tcp; }
            }
            term limited {
                from { protocol icmp; icmp-type echo-request; }
                then policer SLOW;
            }
            term fragments { from { is-fragment; } then { discard; } }
            term smtp { from { protocol tcp; destination-port 25; } then accept; }
            term end { then { reject; } }
        }
    }
    family inet6 {
        filter SIX { term a { from { next-header icmp6; icmp-type neighbor-solicit; } then accept; } }
    }
}
interfaces { irb { unit 10 { family inet { filter { input OFFICE; } } } } }
`;

const SET = `set firewall family inet filter OFFICE term a from source-address 10.0.0.0/8
set firewall family inet filter OFFICE term a from protocol tcp
set firewall family inet filter OFFICE term a from destination-port [ 22 23 ]
set firewall family inet filter OFFICE term a then accept
set firewall family inet filter OFFICE term b then discard
set firewall family inet filter OFFICE term c then accept
deactivate firewall family inet filter OFFICE term b
`;

/** Verdicts worked out by hand from Junos' routing policies, firewall filters and traffic policers guide. */
describe("junos firewall filters", () => {
  test.each([
    ["tcp-established is ACK or RST", BRACES, "OFFICE", "tcp 10.9.0.1 -> 10.9.0.2:1 established", "permit 7"],
    ["the longest prefix decides: inside", BRACES, "OFFICE", "tcp 10.1.5.5 -> 10.1.20.99:443", "permit 13"],
    ["the longest prefix decides: except", BRACES, "OFFICE", "tcp 10.1.90.5 -> 10.1.20.4:443", "deny 35"],
    ["the longest prefix decides: back in", BRACES, "OFFICE", "udp 10.1.90.7 -> 10.1.20.4:8005", "permit 13"],
    [
      "flags and an excluded range of source ports",
      BRACES,
      "OFFICE",
      "tcp 10.9.0.1:1024 -> 10.9.0.2:25",
      "deny 22",
    ],
    ["outside of that range", BRACES, "OFFICE", "tcp 10.9.0.1:1023 -> 10.9.0.2:25", "permit 34 unknown"],
    [
      "address means either end, no action means accept",
      BRACES,
      "OFFICE",
      "udp 10.9.0.1 -> 10.7.7.7:9",
      "permit 26",
    ],
    ["protocol-except", BRACES, "OFFICE", "tcp 10.9.0.1 -> 10.7.7.7:9", "deny 35"],
    ["a policer may drop", BRACES, "OFFICE", "icmp 10.9.0.1 -> 10.9.0.2 type 8", "permit 29 unknown"],
    ["the rest is rejected", BRACES, "OFFICE", "icmp 10.9.0.1 -> 10.9.0.2 type 13", "deny 35"],
    ["inet6 by next header", BRACES, "SIX", "icmp fe80::1 -> ff02::1 type 135", "permit 39"],
    [
      "what no term takes is dropped",
      BRACES,
      "SIX",
      "tcp [2001:db8::1]:1 -> [2001:db8::2]:2",
      "deny implicit",
    ],
    ["set lines", SET, "OFFICE", "tcp 10.0.0.1 -> 10.0.0.2:23", "permit 1"],
    ["deactivated terms are not there", SET, "OFFICE", "udp 10.0.0.1 -> 10.0.0.2:23", "permit 6"],
  ])("%s", (_, text, filter, packet, answer) => {
    expect(ask("junos", text, filter, packet)).toBe(answer);
  });

  test("fragments are refused, policers are named", () => {
    const notes = read("junos", BRACES)[0]?.notes.map(({ code, line }) => `${code} ${line}`);
    expect(notes).toEqual(["FLT-CONDITION 29", "FLT-REFUSED 33"]);
  });
});

const SRX = `security {
    address-book {
        global {
            address erp 10.1.20.5/32;
            address span { range-address 10.1.21.1 { to { 10.1.21.9; } } }
            address www { dns-name www.example.com; }
            address-set servers { address erp; address-set inner; }
            address-set inner { address span; }
        }
    }
    policies {
        from-zone office to-zone server {
            policy web {
                match { source-address any; destination-address servers; application [ junos-https own ]; }
                then { permit; }
            }
            policy keep {
                match { source-address any; destination-address erp; destination-address-excluded; application any; }
                then { deny; }
            }
            policy app {
                match { source-address any; destination-address any; application junos-ssh; dynamic-application junos:SSH; }
                then { permit; }
            }
        }
        from-zone office to-zone internet {
            policy dns-name { match { source-address any; destination-address www; application junos-http; } then { deny; } }
            policy all { match { source-address any-ipv4; destination-address any; application [ junos-http junos-dns-udp ]; } then { permit; } }
        }
        global {
            policy ping { match { source-address any; destination-address any; application junos-ping; to-zone [ server guest ]; } then { permit; } }
        }
    }
    zones {
        security-zone office;
        security-zone server;
        security-zone guest;
        security-zone internet;
    }
}
applications { application own { term a { protocol tcp; destination-port 9000-9010; } term b { protocol udp; destination-port 9000; } } }
`;

describe("junos security policies", () => {
  test.each([
    ["an address set in a set", "office->server", "tcp 10.1.10.1 -> 10.1.21.9:443", "permit 13"],
    ["an application with terms", "office:server", "udp 10.1.10.1 -> 10.1.20.5:9000", "permit 13"],
    ["an excluded address is everything else", "office->server", "tcp 10.1.10.1 -> 10.1.20.6:22", "deny 17"],
    [
      "an application by what it is, not by its port, may match",
      "office->server",
      "tcp 10.1.10.1 -> 10.1.20.5:22",
      "permit 21 unknown",
    ],
    [
      "open sessions pass before any policy",
      "office->server",
      "tcp 10.1.10.1 -> 10.1.20.6:22 established",
      "permit implicit",
    ],
    [
      "global policies come after those of the pair",
      "guest->server",
      "icmp 10.1.90.1 -> 10.1.20.6",
      "permit 31",
    ],
    ["and only between their zones", "office->internet", "icmp 10.1.10.1 -> 8.8.8.8", "deny implicit"],
    [
      "a domain name never counts for a deny",
      "office->internet",
      "tcp 10.1.10.1 -> 192.0.2.80:80",
      "permit 28 unknown",
    ],
    ["any-ipv4 is not IPv6", "office->internet", "udp [2001:db8::1]:5 -> [2001:db8::2]:53", "deny implicit"],
    [
      "between zones without a policy nothing passes",
      "guest->office",
      "tcp 10.1.90.1 -> 10.1.10.1:443",
      "deny implicit",
    ],
  ])("%s", (_, filter, packet, answer) => {
    expect(ask("junos", SRX, filter, packet)).toBe(answer);
  });
});
