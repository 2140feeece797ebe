import { describe, expect, test } from "vitest";
import { IOSXE_DIALECT } from "../../../src/drivers/iosxe/dialect.ts";
import { VRP_DIALECT } from "../../../src/drivers/vrp/dialect.ts";
import { backOptions, diffConfigs } from "../../../src/planner/config/change.ts";

const MANAGER = "10.0.99.50";
const FULL = { kind: "full" } as const;

const IOS = `username ops privilege 15 secret 9 $9$a
ip access-list standard MGMT
 10 permit 10.0.99.0 0.0.0.255
vlan 99
interface Vlan99
 ip address 10.0.99.1 255.255.255.0
line vty 0 4
 access-class MGMT in
 transport input ssh
`;

describe("iosxe: the way in for management", () => {
  test.each([
    [
      "the interface that the session comes by is shut",
      [" ip address 10.0.99.1 255.255.255.0", " ip address 10.0.99.1 255.255.255.0\n shutdown"],
      "Vlan99",
    ],
    ["its address is taken away", [" ip address 10.0.99.1 255.255.255.0", " no ip address"], "Vlan99"],
    [
      "the terminals' filter no longer permits the manager",
      ["10 permit 10.0.99.0", "10 permit 10.0.98.0"],
      "admits the address",
    ],
    ["the terminals take telnet only", ["transport input ssh", "transport input telnet"], "takes SSH"],
    ["the last user goes", ["username ops privilege 15 secret 9 $9$a\n", ""], "a user may log in"],
  ])("a finding says so when %s", (_, [from, to], said) => {
    const change = diffConfigs(IOSXE_DIALECT, IOS, IOS.replace(from ?? "", to ?? ""), {
      scope: FULL,
      management: MANAGER,
    });
    const lost = change.findings.filter((finding) => finding.code === "CFG-ACCESS-LOST");
    expect(lost).toHaveLength(1);
    expect(lost[0]?.message).toContain(said);
    expect(lost[0]?.severity).toBe("error");
  });

  test("a new user stands before the old one goes", () => {
    const intended = IOS.replace("username ops", "username alice");
    const { commands, findings } = diffConfigs(IOSXE_DIALECT, IOS, intended, {
      scope: FULL,
      management: MANAGER,
    });
    expect(commands).toEqual(["username alice privilege 15 secret 9 $9$a", "no username ops"]);
    expect(findings).toEqual([]);
  });

  test("a filter of the terminals is replaced without a moment that shuts the manager out", () => {
    const intended = IOS.replace(
      " 10 permit 10.0.99.0 0.0.0.255",
      " 10 permit host 10.0.99.50\n 20 permit host 10.0.99.51",
    );
    const change = diffConfigs(IOSXE_DIALECT, IOS, intended, { scope: FULL, management: MANAGER });
    expect(change.findings).toEqual([]);
    expect(change.commands.at(-2)).toBe("no 10");
  });

  test("the manager's own network may come by a route, and the route is kept", () => {
    const running = IOS.replace("permit 10.0.99.0 0.0.0.255", "permit any").replace(
      "vlan 99",
      "ip route 172.16.0.0 255.255.0.0 10.0.99.254\nvlan 99",
    );
    const change = diffConfigs(
      IOSXE_DIALECT,
      running,
      running.replace("172.16.0.0 255.255.0.0", "172.17.0.0 255.255.0.0"),
      {
        scope: FULL,
        management: "172.16.5.5",
      },
    );
    expect(change.findings.map((finding) => finding.code)).toEqual(["CFG-ACCESS-LOST"]);
  });

  test("without the manager's address a finding says that access was not proved", () => {
    const change = diffConfigs(IOSXE_DIALECT, IOS, `hostname SW1\n${IOS}`, { scope: FULL });
    expect(change.findings.map((finding) => [finding.code, finding.severity])).toEqual([
      ["CFG-ACCESS-UNPROVED", "info"],
    ]);
  });
});

describe("vrp: the way in for management", () => {
  const vrp = `aaa
 local-user ops password irreversible-cipher $1a$x$
 local-user ops service-type ssh
stelnet server enable
acl number 2000
 rule 5 permit source 10.0.99.0 0.0.0.255
vlan batch 99
interface Vlanif99
 ip address 10.0.99.1 255.255.255.0
user-interface vty 0 4
 acl 2000 inbound
 authentication-mode aaa
 protocol inbound ssh
`;
  test.each([
    ["the SSH server stops", ["stelnet server enable\n", ""], "an SSH server runs"],
    ["the terminals' filter turns on the manager", ["rule 5 permit", "rule 5 deny"], "admits the address"],
    [
      "the last user goes",
      [" local-user ops password irreversible-cipher $1a$x$\n local-user ops service-type ssh\n", ""],
      "a user may log in",
    ],
  ])("a finding says so when %s", (_, [from, to], said) => {
    const change = diffConfigs(VRP_DIALECT, vrp, vrp.replace(from ?? "", to ?? ""), {
      scope: FULL,
      management: MANAGER,
    });
    const lost = change.findings.filter((finding) => finding.code === "CFG-ACCESS-LOST");
    expect(lost.map((finding) => finding.message).join()).toContain(said);
  });

  test("a filter moves to another number without a moment that shuts the manager out", () => {
    const intended = vrp.replaceAll("2000", "2001");
    const change = diffConfigs(VRP_DIALECT, vrp, intended, { scope: FULL, management: MANAGER });
    expect(change.findings).toEqual([]);
    expect(change.commands.indexOf("acl 2001 inbound")).toBeLessThan(
      change.commands.indexOf("undo acl 2000"),
    );
  });
});

describe("a switch that moves to another management address", () => {
  const MOVE = { from: "10.0.99.1", to: "10.0.99.2" };
  const VRP = `#
aaa
 local-user ops password irreversible-cipher x
stelnet server enable
vlan batch 98 to 99
interface Vlanif99
 ip address 10.0.99.1 255.255.255.0
user-interface vty 0 4
 protocol inbound ssh
#
`;
  const both = [
    ["iosxe", IOSXE_DIALECT, IOS, "Vlan"],
    ["vrp", VRP_DIALECT, VRP, "Vlanif"],
  ] as const;
  const options = { scope: FULL, management: MANAGER, move: MOVE };
  const codes = (change: ReturnType<typeof diffConfigs>) => change.findings.map((finding) => finding.code);

  test.each(both)(
    "%s: the address goes with the last command, whatever else changes",
    (...[, dialect, old, svi]) => {
      const intended = old
        .replace("ip address 10.0.99.1", "ip address 10.0.99.2")
        .replace(`interface ${svi}99\n`, `interface ${svi}99\n description moved\n`)
        .replace(/$/, `interface ${svi}98\n description after it\n`);
      const change = diffConfigs(dialect, old, intended, options);
      expect(codes(change)).toEqual([]);
      const typed = change.commands.filter((command) => !/^(?:exit|quit)$/.test(command));
      expect(typed.at(-1)?.trim()).toBe("ip address 10.0.99.2 255.255.255.0");
      expect(typed.filter((command) => command.includes("ip address"))).toHaveLength(1);
      expect(change.commands[change.departure ?? -1]?.trim()).toBe(typed.at(-1)?.trim());
    },
  );

  test.each(both)("%s: going back at once, the address goes last too", (...[, dialect, old, svi]) => {
    const moved = old
      .replace("ip address 10.0.99.1", "ip address 10.0.99.2")
      .replace(/$/, `interface ${svi}98\n description after it\n`);
    const lastTyped = (back: ReturnType<typeof backOptions>) =>
      diffConfigs(dialect, moved, old, back)
        .commands.filter((command) => !/^(?:exit|quit)$/.test(command))
        .at(-1);
    const address = "ip address 10.0.99.1 255.255.255.0";
    expect(lastTyped(backOptions())).not.toBe(address);
    expect(lastTyped(backOptions({ management: MANAGER, move: MOVE }))).toBe(address);
  });

  test.each(both)(
    "%s: another interface takes over before the old one gives up its address",
    (...[, dialect, old, svi]) => {
      const before = old
        .replace(/$/, `interface ${svi}98\n shutdown\n`)
        .replace("255.255.255.0", "255.255.255.128");
      const intended = before
        .replace(" ip address 10.0.99.1 255.255.255.128\n", "")
        .replace(
          `interface ${svi}98\n shutdown\n`,
          `interface ${svi}98\n ip address 10.0.98.2 255.255.255.0\n`,
        )
        .concat(
          `${dialect === VRP_DIALECT ? "ip route-static" : "ip route"} 10.0.99.0 255.255.255.128 10.0.98.1\n`,
        );
      const change = diffConfigs(dialect, before, intended, {
        ...options,
        move: { from: "10.0.99.1", to: "10.0.98.2" },
      });
      expect(codes(change)).toEqual([]);
      const typed = change.commands.filter((command) => !/^(?:exit|quit)$/.test(command));
      expect(typed.at(-1)).toMatch(/^(?:no|undo) ip address/);
      expect(change.commands[change.departure ?? -1]).toBe(typed.at(-1));
      // The way back keeps to the same rule, with the addresses the other way round.
      const back = change.rollback.filter((command) => !/^(?:exit|quit)$/.test(command));
      const stands = back.indexOf("ip address 10.0.99.1 255.255.255.128");
      expect(stands).toBeGreaterThan(-1);
      expect(
        back.findIndex((command) => /^(?:shutdown|(?:no|undo) ip address)/.test(command)),
      ).toBeGreaterThan(stands);
    },
  );

  test.each(both)("%s: a new address that the manager has no way to is refused", (...[, dialect, old]) => {
    const intended = old.replace("ip address 10.0.99.1", "ip address 10.0.50.2");
    const move = { from: "10.0.99.1", to: "10.0.50.2" };
    expect(codes(diffConfigs(dialect, old, intended, { ...options, move }))).toContain("CFG-ACCESS-LOST");
  });

  test.each(both)(
    "%s: an interface that goes down with its new address is refused",
    (...[, dialect, old]) => {
      const intended = old.replace(/ip address 10.0.99.1 (\S+)/, "ip address 10.0.99.2 $1\n shutdown");
      expect(codes(diffConfigs(dialect, old, intended, options))).toContain("CFG-ACCESS-LOST");
    },
  );

  test("iosxe: a filter that drops managers on their way to the new address refuses it", () => {
    const list = "ip access-list extended IN\n 10 permit tcp any host 10.0.99.1 eq 22\n";
    const bound = (text: string) => text.replace(/(ip address \S+ \S+)/, "$1\n ip access-group IN in");
    const before = bound(IOS).replace("vlan 99\n", `${list}vlan 99\n`);
    const intended = before.replace("ip address 10.0.99.1", "ip address 10.0.99.2");
    expect(codes(diffConfigs(IOSXE_DIALECT, before, intended, options))).toContain("CFG-ACCESS-LOST");
  });

  test.each(both)("%s: where nobody is known to manage it, the move is refused", (...[, dialect, old]) => {
    const intended = old.replace("ip address 10.0.99.1", "ip address 10.0.99.2");
    const change = diffConfigs(dialect, old, intended, { scope: FULL, move: MOVE });
    expect(codes(change)).toContain("CFG-MOVE-UNPROVED");
    expect(change.departure).toBeUndefined();
  });

  test.each(both)("%s: an old address that stays is no departure", (...[, dialect, old, svi]) => {
    const intended = `${old}interface ${svi}98\n ip address 10.0.98.2 255.255.255.0\n`;
    const change = diffConfigs(dialect, old, intended, {
      ...options,
      move: { from: "10.0.99.1", to: "10.0.98.2" },
    });
    expect(codes(change)).toEqual([]);
    expect(change.departure).toBeUndefined();
  });

  test.each(both)("%s: an address that goes without a move told stays refused", (...[, dialect, old]) => {
    const intended = old.replace("ip address 10.0.99.1", "ip address 10.0.99.2");
    expect(codes(diffConfigs(dialect, old, intended, { scope: FULL, management: MANAGER }))).toContain(
      "CFG-ACCESS-LOST",
    );
  });
});
