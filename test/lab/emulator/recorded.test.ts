import { afterEach, describe, expect, it } from "vitest";
import { startEmulator } from "../../../src/lab/emulator/emulator.ts";
import type { Emulator, EmulatorPlatform } from "../../../src/lab/emulator/types.ts";

/** Configurations in the order and spelling in which recorded devices printed theirs; names and numbers are ours. */
const IOS = `version 17.9
service timestamps debug datetime localtime show-timezone year
service timestamps log datetime localtime show-timezone year
service password-encryption
hostname LAB-SW1
vrf definition Mgmt-vrf
 address-family ipv4
 exit-address-family
 address-family ipv6
 exit-address-family
logging buffered 65536 informational
no logging console
aaa new-model
aaa authentication login default group tacacs+ local
aaa authentication enable default group tacacs+ enable
aaa authorization exec default group tacacs+ if-authenticated
no aaa accounting system guarantee-first
aaa session-id common
aaa server radius dynamic-author
 client 192.0.2.10 server-key 7 0123456789
clock timezone CET 1 0
clock summer-time CEST recurring last Sun Mar 2:00 last Sun Oct 2:00
boot system switch all flash:cat9k_lite_iosxe.17.09.05.SPA.bin
switch 1 provision c9200l-24p-4g
ip name-server 192.0.2.1 192.0.2.2
no ip domain lookup
ip domain name lab.example
login on-success log
vtp domain lab
vtp mode transparent
vtp version 1
spanning-tree mode rapid-pvst
spanning-tree logging
spanning-tree portfast bpduguard default
spanning-tree extend system-id
errdisable recovery cause udld
errdisable recovery cause bpduguard
enable secret 9 $9$abcdefghijklmn$0123456789012345678901234567890123456789012
username lab secret 9 $9$abcdefghijklmn$0123456789012345678901234567890123456789012
transceiver type all
 monitoring
vlan 2
 name two
vlan 3
 name three
interface GigabitEthernet0/0
 vrf forwarding Mgmt-vrf
 no ip address
interface GigabitEthernet1/0/1
 description lab one
 switchport access vlan 2
 switchport mode access
 no snmp trap link-status
 spanning-tree portfast
interface GigabitEthernet1/0/24
 description lab trunk
 switchport trunk allowed vlan 2,3
 switchport mode trunk
 switchport nonegotiate
interface Vlan1
 no ip address
 shutdown
interface Vlan2
 description network management
 ip address 192.0.2.42 255.255.255.0
ip default-gateway 192.0.2.1
no ip http server
no ip http secure-server
ip ftp source-interface Vlan2
ip tftp source-interface Vlan2
ip tacacs source-interface Vlan2
ip ssh version 2
ip access-list standard 5
 10 permit 10.0.0.0 0.0.0.255
 20 deny   any
snmp-server community lab-community RW 5
snmp-server location Here and there
snmp-server host 192.0.2.33 version 2c lab-community
snmp-server host 192.0.2.35 vrf Mgmt-vrf informs version 2c lab-community tty vtp
banner login ^C
.
Login banner.
.
^C
line con 0
 stopbits 1
line vty 0 4
line vty 5 15
end
`;

const VRP = `!Software Version V200R019C10SPC500
#
sysname LAB_SW1
#
vlan batch 90 to 91 100 to 101 1110 1127 1151 1203 1207 1209 3151 3550
vlan batch 4094
#
set save-configuration delay 1
#
telnet server enable
telnet server-source all-interface
#
http server-source all-interface
#
clock timezone Lab minus 03:00:00
#
diffserv domain default
#
drop-profile default
#
vlan 90
 description VLAN_90_LAB
vlan 91
 description VLAN_91_LAB
#
aaa
 authentication-scheme default
  authentication-mode local
 authentication-scheme radius
  authentication-mode radius
 authorization-scheme default
  authorization-mode local
 accounting-scheme default
  accounting-mode none
 local-aaa-user password policy administrator
  password history record number 0
  password expire 0
 domain default
  authentication-scheme radius
  accounting-scheme default
  radius-server default
 domain default_admin
  authentication-scheme default
  accounting-scheme default
 local-user admin password irreversible-cipher $1c$abcdefghij$ABCDEFGHIJKLMNOPQRSTUVWXYZ012345$
 local-user admin privilege level 15
 local-user admin service-type ssh http
 local-user lab password irreversible-cipher $1c$abcdefghij$ABCDEFGHIJKLMNOPQRSTUVWXYZ012345$
 local-user lab privilege level 15
 local-user lab service-type ssh http
#
ntp-service server disable
ntp-service unicast-server 192.0.2.8
ntp-service unicast-server 192.0.2.9
#
interface Vlanif1
#
interface Vlanif1110
 description LINK_LAB
 mtu 9216
 ip address 192.0.2.1 255.255.255.252
#
interface MEth0/0/1
 ip address 192.0.2.253 255.255.255.252
#
interface Eth-Trunk2
 description **LAB**
 port link-type trunk
 port trunk allow-pass vlan 2 to 4094
 mode lacp
#
interface XGigabitEthernet0/0/1
 description LAB_ONE
 shutdown
 port link-type trunk
 port trunk pvid vlan 4094
 undo port trunk allow-pass vlan 1
 port trunk allow-pass vlan 3151
 stp bpdu-filter enable
 stp edged-port enable
 undo lldp enable
 jumboframe enable 12288
 storm-control broadcast min-rate 64 max-rate 2048
 storm-control multicast min-rate 64 max-rate 2048
 storm-control unicast min-rate 64 max-rate 2048
 storm-control interval 10
 storm-control enable trap
 storm-control enable log
#
interface XGigabitEthernet0/0/2
 eth-trunk 2
#
interface XGigabitEthernet0/0/3
 description **LAB-TWO**
 port link-type trunk
 port trunk allow-pass vlan 306 to 309 312 2147 3012
 stp root-protection
 stp bpdu-filter enable
 port-security enable
 port-security max-mac-num 10
#
interface XGigabitEthernet0/0/4
 description **LAB-THREE**
 shutdown
 port link-type access
 port default vlan 90
#
interface NULL0
#
interface LoopBack0
 ip address 192.0.2.200 255.255.255.255
#
ip route-static 0.0.0.0 0.0.0.0 192.0.2.2
#
snmp-agent
snmp-agent local-engineid 800007DB03F44588AAB900
snmp-agent community read cipher %^%#N/%4YF8T+IWr6zP[U|J!wJ,Y~6bfM7BA%^%#
snmp-agent sys-info contact Lab
snmp-agent sys-info version v2c v3
#
stelnet server enable
ssh server-source all-interface
ssh server cipher aes256_ctr aes128_ctr
ssh server hmac sha2_256
ssh server key-exchange dh_group16_sha512 dh_group15_sha512
ssh server publickey rsa_sha2_512 rsa_sha2_256
ssh server dh-exchange min-len 2048
#
user-interface con 0
 authentication-mode password
 set authentication password cipher $1c$abcdefghij$ABCDEFGHIJKLMNOPQRSTUVWXYZ012345$
user-interface vty 0 4
 authentication-mode aaa
 idle-timeout 3600 0
 protocol inbound all
user-interface vty 16 20
#
return
`;

const started: Emulator[] = [];

async function boot(platform: EmulatorPlatform, config: string, ports: readonly string[]): Promise<Emulator> {
  const made = await startEmulator({ platform, hostname: "X", users: [], config, ports });
  started.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.stop()));
});

describe("a configuration in the form of a recorded device is taken in and printed the same", () => {
  it("Catalyst 9200 (separators aside)", async () => {
    const device = await boot("iosxe", IOS, [
      "GigabitEthernet0/0",
      "GigabitEthernet1/0/1",
      "GigabitEthernet1/0/24",
    ]);
    expect(device.log.filter((entry) => entry.kind === "boot-refused")).toEqual([]);
    const lines = device
      .running()
      .split("\n")
      .filter((line) => !/^ *!/.test(line));
    expect(lines.join("\n")).toBe(IOS);
  });

  it("S5735 and its kin (separators included)", async () => {
    const ports = [
      "MEth0/0/1",
      ...Array.from({ length: 4 }, (_, index) => `XGigabitEthernet0/0/${index + 1}`),
    ];
    const device = await boot("vrp", VRP, ports);
    expect(device.log.filter((entry) => entry.kind === "boot-refused")).toEqual([]);
    expect(device.running()).toBe(VRP);
  });
});
