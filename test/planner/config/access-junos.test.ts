import { describe, expect, test } from "vitest";
import { FRR_DIALECT } from "../../../src/drivers/frr/dialect.ts";
import { JUNOS_DIALECT } from "../../../src/drivers/junos/dialect.ts";
import { diffConfigs } from "../../../src/planner/config/change.ts";

const FROM = "10.0.50.7";

const BASE = `set system login user bob class super-user
set system services ssh
set interfaces irb unit 99 family inet address 10.0.99.1/24
set interfaces lo0 unit 0 family inet filter input PROTECT
set firewall family inet filter PROTECT term SSH from source-address 10.0.50.0/24
set firewall family inet filter PROTECT term SSH from protocol tcp
set firewall family inet filter PROTECT term SSH from destination-port ssh
set firewall family inet filter PROTECT term SSH then accept
set firewall family inet filter PROTECT term END then discard
set routing-options static route 10.0.50.0/24 next-hop 10.0.99.254
`;

function findings(running: string, intended: string, management: string | undefined = FROM): string[] {
  const change = diffConfigs(JUNOS_DIALECT, running, intended, { scope: { kind: "full" }, management });
  return change.findings.map(({ code, message }) => `${code} ${message}`);
}

describe("Junos commits at one moment: the way in is judged before and after it", () => {
  test("a change that leaves the way in alone says nothing", () => {
    expect(findings(BASE, `${BASE}set system host-name SW1\n`)).toEqual([]);
  });

  test.each([
    ["SSH goes", "set system services ssh\n", "", "an SSH server runs"],
    ["the last user goes", "set system login user bob class super-user\n", "", "a user may log in"],
    [
      "the address of the device goes down",
      "set system login",
      "set interfaces irb disable\nset system login",
      "irb.99",
    ],
    [
      "the filter of lo0 admits another network",
      "10.0.50.0/24\nset firewall",
      "10.0.51.0/24\nset firewall",
      "irb.99",
    ],
    [
      "the route back goes",
      "set routing-options static route 10.0.50.0/24 next-hop 10.0.99.254\n",
      "",
      "irb.99",
    ],
    [
      "a term above drops SSH",
      "set firewall family inet filter PROTECT term SSH from source-address",
      "set firewall family inet filter PROTECT term A from destination-port 22\nset firewall family inet filter PROTECT term A then discard\nset firewall family inet filter PROTECT term SSH from source-address",
      "irb.99",
    ],
    [
      "the firewall's zone takes no SSH",
      "set system login",
      "set security zones security-zone lan interfaces irb.99\nset security zones security-zone lan host-inbound-traffic system-services ping\nset system login",
      "irb.99",
    ],
  ])("%s: the finding says that the change cuts management", (_, from, to, what) => {
    expect(BASE).toContain(from);
    const [found] = findings(BASE, BASE.replace(from, to));
    expect(found).toContain("CFG-ACCESS-LOST");
    expect(found).toContain(what);
  });

  test("a filter replaced and a new one bound in one commit is no moment without: no step is blamed", () => {
    const intended = BASE.replaceAll("PROTECT", "GUARD");
    expect(findings(BASE, intended)).toEqual([]);
    expect(findings(intended, BASE)).toEqual([]);
  });

  test("without an address, or with one that is not followed, it is said to be unproved and why", () => {
    const other = `${BASE}set system host-name SW1\n`;
    const unasked = diffConfigs(JUNOS_DIALECT, BASE, other, { scope: { kind: "full" } });
    expect(unasked.findings.map(({ message }) => message)).toEqual([
      "the way in for management was not proved: no address was given",
    ]);
    expect(findings(BASE, other, "2001:db8::7")).toEqual([
      "CFG-ACCESS-UNPROVED the way in for management was not proved: only IPv4 addresses are followed",
    ]);
    const frr = diffConfigs(FRR_DIALECT, "", "hostname R1\n", { scope: { kind: "full" }, management: FROM });
    expect(frr.findings.map(({ message }) => message)).toEqual([
      "the way in for management was not proved: it is not known how this platform is managed",
    ]);
  });
});
