import { describe, expect, test } from "vitest";
import { COMWARE_DIALECT } from "../../../src/drivers/comware/dialect.ts";
import { EOS_DIALECT } from "../../../src/drivers/eos/dialect.ts";
import { FORTIOS_DIALECT } from "../../../src/drivers/fortios/dialect.ts";
import { FRR_DIALECT } from "../../../src/drivers/frr/dialect.ts";
import { IOSXE_DIALECT } from "../../../src/drivers/iosxe/dialect.ts";
import { JUNOS_DIALECT } from "../../../src/drivers/junos/dialect.ts";
import { ROUTEROS_DIALECT } from "../../../src/drivers/routeros/dialect.ts";
import { VRP_DIALECT } from "../../../src/drivers/vrp/dialect.ts";
import { diffConfigs } from "../../../src/planner/config/change.ts";
import type { Dialect } from "../../../src/planner/config/dialect.ts";

interface Case {
  readonly dialect: Dialect;
  /** What is ours, and goes. */
  readonly claims: readonly (readonly string[])[];
  readonly definition: string;
  /** What holds the line, where that is ours and the definition is not. */
  readonly useClaims: readonly (readonly string[])[];
  /** What is not ours, and stays. */
  readonly use: string;
  readonly name: string;
  /** The line that the finding names. */
  readonly line: string;
}

const CASES: readonly Case[] = [
  {
    dialect: IOSXE_DIALECT,
    claims: [["ip access-list **"]],
    definition: "ip access-list extended F\n 10 deny ip any any\n",
    use: "interface GigabitEthernet1/0/3\n ip access-group F in\n",
    useClaims: [["interface *"]],
    name: "acl:F",
    line: "interface GigabitEthernet1/0/3 / ip access-group F in",
  },
  {
    dialect: IOSXE_DIALECT,
    claims: [["vlan *"]],
    definition: "vlan 30\n name GUEST\n",
    use: "interface GigabitEthernet1/0/3\n switchport access vlan 30\n",
    useClaims: [["interface *"]],
    name: "vlan:30",
    line: "interface GigabitEthernet1/0/3 / switchport access vlan 30",
  },
  {
    dialect: VRP_DIALECT,
    claims: [["acl **"]],
    definition: "acl name F 3998\n rule 5 deny ip\n",
    use: "interface GigabitEthernet0/0/3\n traffic-filter inbound acl name F\n",
    useClaims: [["interface *"]],
    name: "acl:F",
    line: "interface GigabitEthernet0/0/3 / traffic-filter inbound acl name F",
  },
  {
    dialect: COMWARE_DIALECT,
    claims: [["acl **"]],
    definition: "acl advanced 3998\n rule 5 deny ip\n",
    use: "interface GigabitEthernet1/0/3\n packet-filter 3998 inbound\n",
    useClaims: [["interface *"]],
    name: "acl:3998",
    line: "interface GigabitEthernet1/0/3 / packet-filter 3998 inbound",
  },
  {
    dialect: EOS_DIALECT,
    claims: [["ip access-list **"]],
    definition: "ip access-list F\n   10 deny ip any any\n",
    use: "interface Ethernet3\n   ip access-group F in\n",
    useClaims: [["interface *"]],
    name: "acl:F",
    line: "interface Ethernet3 / ip access-group F in",
  },
  {
    dialect: JUNOS_DIALECT,
    claims: [["firewall"]],
    definition: "firewall { family inet { filter F { term all { then discard; } } } }\n",
    use: "interfaces { ge-0/0/3 { unit 0 { family inet { filter { input F; } } } } }\n",
    useClaims: [["interfaces"]],
    name: "filter:F",
    line: "interfaces / ge-0/0/3 / unit 0 / family inet / filter / input F",
  },
  {
    dialect: FORTIOS_DIALECT,
    claims: [["config firewall address"]],
    definition:
      'config firewall address\n    edit "srv"\n        set subnet 10.0.0.1 255.255.255.255\n    next\nend\n',
    use: 'config firewall policy\n    edit 7\n        set dstaddr "srv"\n    next\nend\n',
    useClaims: [["config firewall policy"]],
    name: "address:srv",
    line: "config firewall policy / edit 7 / set dstaddr srv",
  },
  {
    dialect: ROUTEROS_DIALECT,
    claims: [["/ip firewall address-list"]],
    definition: "/ip firewall address-list\nadd address=10.0.0.1 list=bad\n",
    use: "/ip firewall filter\nadd action=drop chain=forward comment=bad src-address-list=bad\n",
    useClaims: [["/ip firewall filter"]],
    name: "addrlist:bad",
    line: "/ip firewall filter / comment=bad / src-address-list=bad",
  },
  {
    dialect: FRR_DIALECT,
    claims: [["ip prefix-list **"]],
    definition: "ip prefix-list OWN seq 5 permit 10.0.0.0/8\n",
    use: "route-map OUT permit 10\n match ip address prefix-list OWN\nexit\n",
    useClaims: [["route-map **"]],
    name: "prefixlist:OWN",
    line: "route-map OUT permit 10 / match ip address prefix-list OWN",
  },
];

const orphaned = (dialect: Dialect, running: string, intended: string, claims?: Case["claims"]) =>
  diffConfigs(dialect, running, intended, {
    scope: claims === undefined ? { kind: "full" } : { kind: "claims", paths: claims },
  }).findings.filter(({ code }) => code === "CFG-ORPHANED");

describe.each(CASES)("$dialect.platform: $name goes while a line that is not ours uses it", (one) => {
  const { dialect, definition, use, claims } = one;

  test("is refused, and the line is named", () => {
    const [finding, ...more] = orphaned(dialect, definition + use, "", claims);
    expect(finding).toMatchObject({ severity: "error" });
    expect(finding?.message).toBe(
      `nothing defines ${one.name} after the change, and a line uses it: ${one.line}`,
    );
    expect(more).toEqual([]);
  });

  test("is missed too where the line is ours and the definition, which was never there, is not", () => {
    const [finding] = orphaned(dialect, "", definition + use, one.useClaims);
    expect(finding?.message).toContain(one.name);
  });

  test("is nobody's loss where the line is gone, where the name stays, or where it dangled before", () => {
    expect(orphaned(dialect, definition, "", claims)).toEqual([]);
    expect(orphaned(dialect, definition + use, definition, claims)).toEqual([]);
    expect(orphaned(dialect, use, "", claims)).toEqual([]);
  });

  test("is wanted where somebody wrote just that", () => {
    expect(orphaned(dialect, definition + use, use)).toEqual([]);
    expect(orphaned(dialect, definition + use, use, claims)).toEqual([]);
  });
});
