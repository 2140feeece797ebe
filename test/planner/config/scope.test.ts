import { describe, expect, test } from "vitest";
import { IOSXE_DIALECT } from "../../../src/drivers/iosxe/dialect.ts";
import { VRP_DIALECT } from "../../../src/drivers/vrp/dialect.ts";
import { diffConfigs } from "../../../src/planner/config/change.ts";
import { compareTrees } from "../../../src/planner/config/compare.ts";
import { parseConfig } from "../../../src/planner/config/parse.ts";

describe("only what is claimed changes", () => {
  const running = `hostname OLD
vlan 10
vlan 66
interface GigabitEthernet1/0/1
 description ours
 switchport access vlan 10
interface GigabitEthernet1/0/2
 description theirs
router ospf 1
 network 10.0.0.0 0.0.0.255 area 0
`;
  const scope = {
    kind: "claims",
    paths: [["vlan *"], ["interface GigabitEthernet1/0/1", "switchport **"]],
  } as const;

  test("lines outside the claims are left alone and counted", () => {
    const change = diffConfigs(
      IOSXE_DIALECT,
      running,
      "vlan 10\nvlan 20\ninterface GigabitEthernet1/0/1\n switchport access vlan 20\n",
      { scope },
    );
    expect(change.commands).toEqual([
      "vlan 20",
      "exit",
      "interface GigabitEthernet1/0/1",
      "switchport access vlan 20",
      "exit",
      "no vlan 66",
    ]);
    expect(change.unmanaged).toBe(4);
    expect(change.predicted).toContain("description theirs");
    expect(change.predicted).toContain("hostname OLD");
  });

  test("a port that intended does not name loses only the claimed lines", () => {
    const change = diffConfigs(IOSXE_DIALECT, running, "vlan 10\nvlan 66\n", { scope });
    expect(change.commands).toEqual(["interface GigabitEthernet1/0/1", "no switchport access vlan", "exit"]);
  });

  test("the rollback of a claimed change restores the whole device", () => {
    const change = diffConfigs(IOSXE_DIALECT, running, "vlan 10\n", { scope });
    const back = diffConfigs(IOSXE_DIALECT, change.predicted, running, { scope: { kind: "full" } });
    expect(change.rollback).toEqual(back.commands);
    expect(change.rollback).toContain("vlan 66");
  });

  test("a comparison marks what is ours and what is not", () => {
    const items = compareTrees(
      IOSXE_DIALECT,
      parseConfig(IOSXE_DIALECT, running),
      parseConfig(IOSXE_DIALECT, running.replace("OLD", "NEW").replace("vlan 66\n", "")),
      scope,
    );
    expect(items.map((item) => [item.path.join(" / "), item.kind, item.managed])).toEqual([
      ["hostname", "changed", false],
      ["vlan 66", "removed", true],
    ]);
  });

  test("vrp: the VLAN list is claimed by its line, a block's line by its path", () => {
    const change = diffConfigs(
      VRP_DIALECT,
      "vlan batch 10 66\naaa\n local-user old password irreversible-cipher $1a$x$\n domain default\n",
      "vlan batch 10 20\naaa\n local-user new password irreversible-cipher $1a$y$\n",
      { scope: { kind: "claims", paths: [["vlan batch **"], ["aaa", "local-user **"]] } },
    );
    expect(change.commands).toEqual([
      "vlan batch 20",
      "aaa",
      "local-user new password irreversible-cipher $1a$y$",
      "undo local-user old",
      "quit",
      "undo vlan batch 66",
    ]);
  });
});
