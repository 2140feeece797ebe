import { describe, expect, test } from "vitest";
import { checkFilter } from "../../../src/planner/filters/check.ts";
import { compareFilters } from "../../../src/planner/flows/compare.ts";
import { ask, read } from "./ask.ts";

const RULESET = `table inet fw {
	set office {
		type ipv4_addr
		flags interval
		elements = { 10.1.10.0/24, 10.1.11.0-10.1.11.9,
			     10.1.12.7 }
	}
	set seen {
		type ipv4_addr
		flags dynamic,timeout
		timeout 1h
		elements = { 10.9.9.9 expires 5m }
	}
	map pairs {
		type ifname . ifname : verdict
		elements = { "lan0" . "wan0" : jump lan_to_wan, "lan0" . "srv0" : goto lan_to_srv }
	}
	chain lan_to_wan {
		tcp dport { 80, 443 } accept comment "R1"
		ip daddr 192.0.2.0/24 return
		udp dport 1000-2000 accept
	}
	chain lan_to_srv {
		ip saddr @office tcp dport 22 accept
		ip saddr != @office tcp dport != { 25, 443 } drop
		tcp flags & (fin | syn | rst | ack) == syn tcp dport 8080 accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state vmap { established : accept, related : accept, invalid : drop }
		iifname "wan0" ip daddr 10.1.20.5 tcp dport 443 ct status dnat accept
		iifname . oifname vmap @pairs
		iifname "lan*" udp dport vmap { 53 : accept, 67-68 : drop }
		meta l4proto { icmp, ipv6-icmp } limit rate 5/second accept
		udp dport 123 meta mark 0x00000001 accept
		ip saddr . ip daddr . tcp dport { 10.2.0.1 . 10.3.0.0/16 . 22, 10.2.0.2 . 10.3.0.1 . 80-90 } accept
		tcp dport vmap { 7 : jump echo, * : continue }
		ip6 saddr 2001:db8::/32 icmpv6 type nd-neighbor-solicit accept
		some unheard of thing accept
		tcp dport 99 queue
		counter drop
	}
	chain dynamic {
		ip saddr @seen drop
		accept
	}
	chain echo {
		ip saddr 10.0.0.0/8 accept
	}
	chain input {
		type filter hook input priority filter; policy accept;
		iifname "lo" accept
		tcp dport 23 reject with tcp reset
	}
}
table ip nat {
	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		oifname "wan0" masquerade
	}
}
table ip6 fw {
	chain forward {
		type filter hook forward priority 10; policy accept;
		tcp dport 25 drop
	}
}
`;

const F = "inet fw forward";

/** Verdicts worked out by hand from nft(8). */
describe("nftables rulesets", () => {
  test.each([
    ["a verdict map on the state", F, "tcp 10.1.10.1 -> 8.8.8.8:25 established", "permit 30"],
    ["a zone pair with two interfaces", F, "tcp 10.1.10.1 -> 8.8.8.8:443 iif lan0 oif wan0", "permit 19"],
    [
      "return goes on behind the map",
      F,
      "udp 10.1.10.1 -> 192.0.2.9:1500 iif lan0 oif wan0",
      "permit 39 unknown",
    ],
    [
      "what a jumped chain leaves alone goes on too",
      F,
      "udp 10.1.10.1 -> 192.0.2.9:53 iif lan0 oif wan0",
      "permit 33",
    ],
    ["goto does not come back", F, "udp 10.1.10.1 -> 10.1.20.9:53 iif lan0 oif srv0", "deny implicit"],
    ["a named set with ranges", F, "tcp 10.1.11.9 -> 10.1.20.9:22 iif lan0 oif srv0", "permit 24"],
    ["the end of the range", F, "tcp 10.1.11.10 -> 10.1.20.9:22 iif lan0 oif srv0", "deny 25"],
    ["a negated set of ports", F, "tcp 10.1.11.10 -> 10.1.20.9:443 iif lan0 oif srv0", "deny implicit"],
    ["flags under a mask", F, "tcp 10.1.10.5 -> 10.1.20.9:8080 iif lan0 oif srv0", "permit 26"],
    [
      "flags that differ",
      F,
      "tcp 10.1.10.5 -> 10.1.20.9:8080 flags syn,ack iif lan0 oif srv0",
      "deny implicit",
    ],
    [
      "translated packets are a condition",
      F,
      "tcp 192.0.2.4 -> 10.1.20.5:443 iif wan0 oif srv0",
      "permit 31 unknown",
    ],
    [
      "a pattern of interfaces takes others too",
      F,
      "udp 10.1.10.1 -> 8.8.8.8:53 iif lan7 oif wan0",
      "permit 33",
    ],
    ["and only those", F, "udp 10.1.10.1 -> 8.8.8.8:67 iif lan7 oif wan0", "deny 33"],
    ["a rate may be used up", F, "icmp 10.5.0.1 -> 8.8.8.8 iif x oif y", "permit 34 unknown"],
    ["a mark is a condition", F, "udp 10.5.0.1 -> 8.8.8.8:123 iif x oif y", "permit 35 unknown"],
    ["three things at once", F, "tcp 10.2.0.2 -> 10.3.0.1:85 iif x oif y", "permit 36"],
    ["a map with a rule for all other keys", F, "tcp 10.2.0.2 -> 10.3.0.2:7 iif x oif y", "permit 48"],
    [
      "what nobody has heard of may match any packet",
      F,
      "tcp 172.16.0.2 -> 10.3.0.2:5 iif x oif y",
      "permit 39 unknown",
    ],
    [
      "without interfaces a permit by any of them counts",
      F,
      "tcp 10.1.10.1 -> 8.8.8.8:443",
      "permit 19 unknown",
    ],
    [
      "a chain by itself ends as those that call it",
      "lan_to_wan",
      "udp 10.1.10.1 -> 8.8.8.8:53",
      "deny implicit",
    ],
    ["reject", "input", "tcp 10.1.10.1 -> 10.1.10.2:23", "deny 53"],
    ["a policy that accepts", "input", "tcp 10.1.10.1 -> 10.1.10.2:24", "permit implicit"],
    ["a table of one family", "ip6 fw forward", "tcp [2001:db8::1]:5 -> [2001:db8::2]:25", "deny 65"],
  ])("%s", (_, filter, packet, answer) => {
    expect(ask("nftables", RULESET, filter, packet)).toBe(answer);
  });

  test("a name that several chains have wants family and table; nat chains are no filters", () => {
    expect(() => ask("nftables", RULESET, "forward", "udp [fd00::1]:9 -> [fd00::2]:5")).toThrow(
      "several filters",
    );
    expect(read("nftables", RULESET).map(({ name }) => name)).not.toContain("postrouting");
  });

  test("loops and endless jumps are refused, never followed", () => {
    const loop = "table ip t {\nchain a {\njump b\n}\nchain b {\njump a\n}\n}\n";
    const [filter] = read("nftables", loop);
    expect(filter?.notes).toMatchObject([{ code: "FLT-REFUSED" }]);
    expect(ask("nftables", loop, "a", "udp 10.0.0.1 -> 10.0.0.2:5")).toMatch(/^permit .* unknown$/);
  });

  test("a rule is dead in a chain only where every way to it is covered", () => {
    const text = `table ip t {
chain web {
tcp dport 80 accept
}
chain forward {
type filter hook forward priority filter; policy drop;
iifname "a" drop
iifname { "a", "b" } jump web
iifname "a" jump web
tcp dport 80 accept
}
}
`;
    const forward = read("nftables", text).find(({ name }) => name === "forward");
    if (forward === undefined) throw new Error("no chain");
    const dead = checkFilter(forward).problems.filter(({ code }) => code !== "RUL-003");
    expect(dead.map(({ code, line }) => `${code} ${line}`)).toEqual(["RUL-002 3"]);
  });

  test("two rulesets are compared with their interfaces numbered alike", () => {
    const ruleset = (name: string) =>
      `table ip t {\nchain f {\ntype filter hook forward priority filter; policy drop;\niifname "${name}" accept\n}\n}\n`;
    const texts = [ruleset("eth9"), ruleset("eth1")];
    const names = ["eth1", "eth9"];
    const reader = (text: string) => read("nftables", text, names)[0];
    const [before, after] = texts.map(reader);
    if (before === undefined || after === undefined) throw new Error("no chain");
    const { opened, closed } = compareFilters(before.list, after.list);
    expect([opened.length, closed.length]).toEqual([1, 1]);
    expect(opened[0]?.box.ingress).toEqual({ lo: 1, hi: 1 });
    expect(closed[0]?.box.ingress).toEqual({ lo: 2, hi: 2 });
  });
});
