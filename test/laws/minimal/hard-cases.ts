/** A change of a few lines of which the fewest commands are known by the manual: running, intended, how many. */
interface HardCase {
  readonly name: string;
  readonly running: readonly string[];
  readonly intended: readonly string[];
  readonly fewest: number;
}

/** Changes at which a tool types more than it has to. */
export const HARD_CASES: Readonly<Record<string, readonly HardCase[]>> = {
  iosxe: [
    c(
      "a VLAN joins a trunk",
      port("GigabitEthernet1/0/1", " switchport mode trunk", " switchport trunk allowed vlan 10,20"),
      port("GigabitEthernet1/0/1", " switchport mode trunk", " switchport trunk allowed vlan 10,20,30"),
      1,
    ),
    c(
      "a trunk list is another one",
      port("GigabitEthernet1/0/1", " switchport mode trunk", " switchport trunk allowed vlan 10,20"),
      port("GigabitEthernet1/0/1", " switchport mode trunk", " switchport trunk allowed vlan 30,40"),
      1,
    ),
    c(
      "an entry comes in between",
      ["ip access-list extended A", " 10 permit tcp any any eq 22", " 20 deny ip any any"],
      [
        "ip access-list extended A",
        " 10 permit tcp any any eq 22",
        " 20 permit udp any any eq 53",
        " 30 deny ip any any",
      ],
      1,
    ),
    c(
      "an entry is another one",
      ["ip access-list extended A", " 10 permit tcp any any eq 22", " 20 deny ip any any"],
      ["ip access-list extended A", " 10 permit tcp any any eq 443", " 20 deny ip any any"],
      2,
    ),
    c(
      "two entries change places",
      ["ip access-list extended A", " 10 permit tcp any any eq 22", " 20 permit icmp any any"],
      ["ip access-list extended A", " 10 permit icmp any any", " 20 permit tcp any any eq 22"],
      2,
    ),
    c(
      "a value takes the place of another",
      port("Vlan10", " ip address 10.0.1.1 255.255.255.0"),
      port("Vlan10", " ip address 10.0.2.1 255.255.255.0"),
      1,
    ),
    c(
      "a block of many lines goes",
      port("Vlan10", " description a", " ip address 10.0.1.1 255.255.255.0", " ip mtu 1400"),
      [],
      1,
    ),
    c(
      "a port goes back to default",
      port("GigabitEthernet1/0/1", " description a", " switchport mode access", " switchport access vlan 10"),
      [],
      1,
    ),
    c(
      "a user's secret changes",
      ["username a privilege 15 secret 9 x"],
      ["username a privilege 15 secret 9 y"],
      1,
    ),
    c(
      "a route has another gateway",
      ["ip route 10.9.0.0 255.255.0.0 10.0.0.1"],
      ["ip route 10.9.0.0 255.255.0.0 10.0.0.2"],
      2,
    ),
    c(
      "an OSPF network joins",
      ["router ospf 1", " network 10.0.1.0 0.0.0.255 area 0"],
      ["router ospf 1", " network 10.0.1.0 0.0.0.255 area 0", " network 10.0.2.0 0.0.0.255 area 0"],
      1,
    ),
    c(
      "an entry joins a prefix list",
      ["ip prefix-list P seq 10 permit 10.0.0.0/8"],
      ["ip prefix-list P seq 10 permit 10.0.0.0/8", "ip prefix-list P seq 20 permit 172.16.0.0/12"],
      1,
    ),
  ],
  eos: [
    c(
      "a VLAN joins a trunk",
      port("Ethernet1", "   switchport mode trunk", "   switchport trunk allowed vlan 10,20"),
      port("Ethernet1", "   switchport mode trunk", "   switchport trunk allowed vlan 10,20,30"),
      1,
    ),
    c(
      "an entry comes in between",
      ["ip access-list A", "   10 permit tcp any any eq ssh", "   20 deny ip any any"],
      [
        "ip access-list A",
        "   10 permit tcp any any eq ssh",
        "   20 permit udp any any eq domain",
        "   30 deny ip any any",
      ],
      1,
    ),
    c(
      "two entries change places",
      ["ip access-list A", "   10 permit tcp any any eq ssh", "   20 permit icmp any any"],
      ["ip access-list A", "   10 permit icmp any any", "   20 permit tcp any any eq ssh"],
      2,
    ),
    c(
      "a value takes the place of another",
      port("Vlan10", "   ip address 10.0.1.1/24"),
      port("Vlan10", "   ip address 10.0.2.1/24"),
      1,
    ),
    c(
      "a port goes back to default",
      port("Ethernet1", "   description a", "   switchport access vlan 10"),
      [],
      1,
    ),
    c(
      "a user's secret changes",
      ["username a privilege 15 secret sha512 x"],
      ["username a privilege 15 secret sha512 y"],
      1,
    ),
    c("a route has another gateway", ["ip route 10.9.0.0/16 10.0.0.1"], ["ip route 10.9.0.0/16 10.0.0.2"], 2),
    c(
      "an OSPF network joins",
      ["router ospf 1", "   network 10.0.1.0/24 area 0.0.0.0"],
      ["router ospf 1", "   network 10.0.1.0/24 area 0.0.0.0", "   network 10.0.2.0/24 area 0.0.0.0"],
      1,
    ),
    c(
      "an entry joins a prefix list",
      ["ip prefix-list P", "   seq 10 permit 10.0.0.0/8"],
      ["ip prefix-list P", "   seq 10 permit 10.0.0.0/8", "   seq 20 permit 172.16.0.0/12"],
      1,
    ),
  ],
  vrp: [
    c("VLANs come and go", ["vlan batch 10 20"], ["vlan batch 20 30 40"], 2),
    c(
      "a VLAN joins a trunk",
      port("GigabitEthernet0/0/1", " port link-type trunk", " port trunk allow-pass vlan 10 20"),
      port("GigabitEthernet0/0/1", " port link-type trunk", " port trunk allow-pass vlan 10 20 30"),
      1,
    ),
    c(
      "a rule comes in between",
      ["acl number 3001", " rule 5 permit tcp destination-port eq 22", " rule 10 deny ip"],
      [
        "acl number 3001",
        " rule 5 permit tcp destination-port eq 22",
        " rule 7 permit udp destination-port eq dns",
        " rule 10 deny ip",
      ],
      1,
    ),
    c(
      "two rules change places",
      ["acl number 3001", " rule 5 permit tcp destination-port eq 22", " rule 10 permit icmp"],
      ["acl number 3001", " rule 5 permit icmp", " rule 10 permit tcp destination-port eq 22"],
      2,
    ),
    c(
      "a value takes the place of another",
      ["vlan batch 10", ...port("Vlanif10", " ip address 10.0.1.1 255.255.255.0")],
      ["vlan batch 10", ...port("Vlanif10", " ip address 10.0.2.1 255.255.255.0")],
      1,
    ),
    c(
      "a block of many lines goes",
      [
        "vlan batch 10",
        ...port("Vlanif10", " description a", " ip address 10.0.1.1 255.255.255.0", " mtu 1400"),
      ],
      ["vlan batch 10"],
      1,
    ),
    c(
      "a port goes back to default",
      [
        "vlan batch 10",
        ...port("GigabitEthernet0/0/1", " description a", " port link-type access", " port default vlan 10"),
      ],
      ["vlan batch 10"],
      3,
    ),
    c(
      "a route has another gateway",
      ["ip route-static 10.9.0.0 255.255.0.0 10.0.0.1"],
      ["ip route-static 10.9.0.0 255.255.0.0 10.0.0.2"],
      2,
    ),
    c(
      "an OSPF network joins",
      ["ospf 1", " area 0.0.0.0", "  network 10.0.1.0 0.0.0.255"],
      ["ospf 1", " area 0.0.0.0", "  network 10.0.1.0 0.0.0.255", "  network 10.0.2.0 0.0.0.255"],
      1,
    ),
    c(
      "an entry joins a prefix list",
      ["ip ip-prefix P index 10 permit 10.0.0.0 8"],
      ["ip ip-prefix P index 10 permit 10.0.0.0 8", "ip ip-prefix P index 20 permit 172.16.0.0 12"],
      1,
    ),
    c(
      "a user's password changes",
      ["aaa", " local-user a password irreversible-cipher x", " local-user a service-type ssh"],
      ["aaa", " local-user a password irreversible-cipher x", " local-user a service-type terminal ssh"],
      1,
    ),
  ],
  comware: [
    c(
      "a VLAN joins a trunk",
      port("GigabitEthernet1/0/1", " port link-type trunk", " port trunk permit vlan 10 20"),
      port("GigabitEthernet1/0/1", " port link-type trunk", " port trunk permit vlan 10 20 30"),
      1,
    ),
    c(
      "a rule comes in between",
      ["acl advanced 3001", " rule 0 permit tcp destination-port eq 22", " rule 10 deny ip"],
      [
        "acl advanced 3001",
        " rule 0 permit tcp destination-port eq 22",
        " rule 5 permit udp destination-port eq dns",
        " rule 10 deny ip",
      ],
      1,
    ),
    c(
      "two rules change places",
      ["acl advanced 3001", " rule 0 permit tcp destination-port eq 22", " rule 5 permit icmp"],
      ["acl advanced 3001", " rule 0 permit icmp", " rule 5 permit tcp destination-port eq 22"],
      2,
    ),
    c(
      "a value takes the place of another",
      ["vlan 10", ...port("Vlan-interface10", " ip address 10.0.1.1 255.255.255.0")],
      ["vlan 10", ...port("Vlan-interface10", " ip address 10.0.2.1 255.255.255.0")],
      1,
    ),
    c(
      "a block of many lines goes",
      [
        "vlan 10",
        ...port("Vlan-interface10", " description a", " ip address 10.0.1.1 255.255.255.0", " mtu 1400"),
      ],
      ["vlan 10"],
      1,
    ),
    c(
      "a route has another gateway",
      ["ip route-static 10.9.0.0 255.255.0.0 10.0.0.1"],
      ["ip route-static 10.9.0.0 255.255.0.0 10.0.0.2"],
      2,
    ),
    c(
      "an OSPF network joins",
      ["ospf 1", " area 0.0.0.0", "  network 10.0.1.0 0.0.0.255"],
      ["ospf 1", " area 0.0.0.0", "  network 10.0.1.0 0.0.0.255", "  network 10.0.2.0 0.0.0.255"],
      1,
    ),
    c(
      "an entry joins a prefix list",
      ["ip prefix-list P index 10 permit 10.0.0.0 8"],
      ["ip prefix-list P index 10 permit 10.0.0.0 8", "ip prefix-list P index 20 permit 172.16.0.0 12"],
      1,
    ),
  ],
  junos: [
    c(
      "a VLAN joins a trunk",
      ["set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members V10"],
      [
        "set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members V10",
        "set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members V20",
      ],
      1,
    ),
    c(
      "terms change places",
      [
        "set firewall family inet filter F term A then accept",
        "set firewall family inet filter F term B then discard",
      ],
      [
        "set firewall family inet filter F term B then discard",
        "set firewall family inet filter F term A then accept",
      ],
      1,
    ),
    c(
      "an interface goes",
      [
        "set interfaces ge-0/0/1 description a",
        "set interfaces ge-0/0/1 unit 0 family inet address 10.0.1.1/24",
      ],
      [],
      1,
    ),
    c(
      "a route has another gateway",
      ["set routing-options static route 10.9.0.0/16 next-hop 10.0.0.1"],
      ["set routing-options static route 10.9.0.0/16 next-hop 10.0.0.2"],
      2,
    ),
    c(
      "a user's class changes",
      ["set system login user a class operator"],
      ["set system login user a class super-user"],
      1,
    ),
  ],
  fortios: [
    c(
      "a member joins a group",
      [...addresses("a", "b"), "config firewall addrgrp", 'edit "g"', 'set member "a"', "next", "end"],
      [...addresses("a", "b"), "config firewall addrgrp", 'edit "g"', 'set member "a" "b"', "next", "end"],
      1,
    ),
    c("policies change places", policies(1, 2), policies(2, 1), 1),
    c("a policy goes", policies(1, 2), policies(2), 1),
    c(
      "a route has another gateway",
      ["config router static", "edit 1", "set gateway 10.0.0.1", "next", "end"],
      ["config router static", "edit 1", "set gateway 10.0.0.2", "next", "end"],
      1,
    ),
  ],
  routeros: [
    c(
      "a rule with a comment changes",
      ["/ip firewall filter", "add action=accept chain=forward comment=a dst-port=22 protocol=tcp"],
      ["/ip firewall filter", "add action=accept chain=forward comment=a dst-port=22,443 protocol=tcp"],
      1,
    ),
    c(
      "rules change places",
      [
        "/ip firewall filter",
        "add action=accept chain=forward comment=a",
        "add action=drop chain=forward comment=b",
      ],
      [
        "/ip firewall filter",
        "add action=drop chain=forward comment=b",
        "add action=accept chain=forward comment=a",
      ],
      1,
    ),
    c(
      "a rule comes in between",
      [
        "/ip firewall filter",
        "add action=accept chain=forward comment=a",
        "add action=drop chain=forward comment=b",
      ],
      [
        "/ip firewall filter",
        "add action=accept chain=forward comment=a",
        "add action=accept chain=forward comment=n protocol=icmp",
        "add action=drop chain=forward comment=b",
      ],
      1,
    ),
    c(
      "a VLAN has another number",
      ["/interface vlan", "add interface=bridge1 name=v vlan-id=10"],
      ["/interface vlan", "add interface=bridge1 name=v vlan-id=20"],
      1,
    ),
  ],
  frr: [
    c(
      "an entry is another one",
      ["ip prefix-list P seq 5 permit 10.1.1.0/24", "ip prefix-list P seq 10 deny 10.2.0.0/16"],
      ["ip prefix-list P seq 5 permit 10.1.1.0/24", "ip prefix-list P seq 10 permit 10.3.0.0/16"],
      1,
    ),
    c(
      "every entry is another one",
      ["ip prefix-list P seq 5 permit 10.1.1.0/24", "ip prefix-list P seq 10 permit 10.2.0.0/16"],
      ["ip prefix-list P seq 5 permit 10.3.0.0/16", "ip prefix-list P seq 10 permit 10.4.0.0/16"],
      2,
    ),
    c(
      "a clause lets through instead of stopping",
      ["route-map R deny 10", " set metric 5", "exit"],
      ["route-map R permit 10", " set metric 5", "exit"],
      1,
    ),
    c(
      "a route map goes",
      ["route-map R permit 10", " set metric 5", "exit", "route-map R deny 20", "exit"],
      [],
      1,
    ),
    c(
      "a route has another distance",
      ["ip route 10.5.0.0/16 10.0.0.9"],
      ["ip route 10.5.0.0/16 10.0.0.9 20"],
      1,
    ),
    c(
      "a neighbor goes with all that it has",
      [
        "router bgp 65000",
        " neighbor 10.0.0.2 remote-as 65001",
        " neighbor 10.0.0.2 description lab",
        " neighbor 10.0.0.3 remote-as 65001",
        "exit",
      ],
      ["router bgp 65000", " neighbor 10.0.0.3 remote-as 65001", "exit"],
      1,
    ),
  ],
};

function c(name: string, running: readonly string[], intended: readonly string[], fewest: number): HardCase {
  return { name, running, intended, fewest };
}

function port(name: string, ...lines: readonly string[]): readonly string[] {
  return [`interface ${name}`, ...lines];
}

function policies(...numbers: readonly number[]): readonly string[] {
  const entries = numbers.flatMap((n) => [`edit ${n}`, `set srcaddr "all"`, `set name "p${n}"`, "next"]);
  return ["config firewall policy", ...entries, "end"];
}

function addresses(...names: readonly string[]): readonly string[] {
  const entries = names.flatMap((name, i) => [
    `edit "${name}"`,
    `set subnet 10.0.0.${i} 255.255.255.255`,
    "next",
  ]);
  return ["config firewall address", ...entries, "end"];
}
