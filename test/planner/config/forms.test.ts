import { describe, expect, test } from "vitest";
import { FORTIOS_DIALECT } from "../../../src/drivers/fortios/dialect.ts";
import { FRR_DIALECT } from "../../../src/drivers/frr/dialect.ts";
import { JUNOS_DIALECT } from "../../../src/drivers/junos/dialect.ts";
import { ROUTEROS_DIALECT } from "../../../src/drivers/routeros/dialect.ts";
import { diffConfigs, FULL_CHANGE } from "../../../src/planner/config/change.ts";
import type { Dialect } from "../../../src/planner/config/dialect.ts";
import { parseConfig, renderTree } from "../../../src/planner/config/parse.ts";
import { redactConfig } from "../../../src/planner/config/secrets.ts";

const SECRETS: readonly (readonly [Dialect, string])[] = [
  [JUNOS_DIALECT, 'set system login user a authentication encrypted-password "$6$CANARY"'],
  [JUNOS_DIALECT, '        encrypted-password "$6$CANARY"; ## SECRET-DATA'],
  [JUNOS_DIALECT, "set security ike policy p pre-shared-key ascii-text CANARY"],
  [JUNOS_DIALECT, 'set protocols bgp group g authentication-key "$9$CANARY"'],
  [JUNOS_DIALECT, "set snmp community CANARY authorization read-only"],
  [JUNOS_DIALECT, '"pasvftp://user:CANARY@203.0.113.10/backup/";'],
  [FORTIOS_DIALECT, "        set password ENC CANARY"],
  [FORTIOS_DIALECT, '        set psksecret "CANARY"'],
  [FORTIOS_DIALECT, "        set auth-pwd CANARY"],
  [ROUTEROS_DIALECT, 'add group=full name=ops password="CANARY"'],
  [ROUTEROS_DIALECT, "add name=wg1 private-key=CANARY"],
  [FRR_DIALECT, " neighbor 198.51.100.1 password CANARY"],
  [FRR_DIALECT, " ip ospf message-digest-key 1 md5 CANARY"],
];

test.each(SECRETS.map(([dialect, line]) => [dialect.platform, line, dialect] as const))(
  "%s shows no secret of: %s",
  (_, line, dialect) => {
    const text = redactConfig(dialect, `${line}\n`);
    expect(text).not.toContain("CANARY");
    expect(text).toContain("<redacted>");
  },
);

describe("what a claim does not cover stays as it is and is counted", () => {
  test("junos: only the VLAN table is ours", () => {
    const change = diffConfigs(
      JUNOS_DIALECT,
      "set vlans A vlan-id 10\nset vlans B vlan-id 20\nset system host-name x\n",
      "set vlans A vlan-id 11\n",
      { scope: { kind: "claims", paths: [["vlans"]] } },
    );
    expect(change.commands).toEqual(["set vlans A vlan-id 11", "delete vlans B"]);
    expect(change.unmanaged).toBe(1);
    expect(change.predicted).toContain("set system host-name x");
  });

  test("fortios: only policies are ours", () => {
    const running =
      'config firewall policy\n    edit 1\n        set action accept\n    next\nend\nconfig system global\n    set hostname "x"\nend\n';
    const change = diffConfigs(FORTIOS_DIALECT, running, "", {
      scope: { kind: "claims", paths: [["config firewall policy"]] },
    });
    expect(change.commands).toEqual(["config firewall policy", "delete 1", "end"]);
    expect(change.unmanaged).toBe(1);
  });

  test("routeros: only the filter is ours", () => {
    const running =
      "/ip firewall filter\nadd action=drop chain=input comment=a\n/system identity\nset name=x\n";
    const change = diffConfigs(ROUTEROS_DIALECT, running, "/ip firewall filter\n", {
      scope: { kind: "claims", paths: [["/ip firewall filter"]] },
    });
    expect(change.commands).toEqual(["/ip firewall filter remove [ find where comment=a ]"]);
    expect(change.unmanaged).toBe(1);
  });
});

test.each([
  [JUNOS_DIALECT, "system {\n    host-name a;\n", "CFG-BRACES", 1],
  [JUNOS_DIALECT, "system {\n    host-name a;\n}\n}\n", "CFG-BRACES", 4],
  [JUNOS_DIALECT, 'system {\n    host-name "a;\n}\n', "CFG-UNTERMINATED", 2],
  [FORTIOS_DIALECT, "config system global\n    set hostname a\n", "CFG-SECTIONS", 1],
  [FORTIOS_DIALECT, "config system global\nend\nend\n", "CFG-SECTIONS", 3],
  [ROUTEROS_DIALECT, '/system identity\nset name="a\n', "CFG-UNTERMINATED", 2],
] as const)("$platform: an unclosed text is told with its line", (dialect, text, code, line) => {
  const [finding] = parseConfig(dialect, text).findings.filter((item) => item.code === code);
  expect(finding?.where).toMatchObject({ line });
});

test("secrets with a reference equal what FortiOS shows; a rotated one is typed again", () => {
  const entry = (secret: string) =>
    `config system admin\n    edit "a"\n        set password ${secret}\n    next\nend\n`;
  const running = entry("ENC SH2abc=");
  const intended = entry("${secret:env:A@1}");
  expect(diffConfigs(FORTIOS_DIALECT, running, intended, FULL_CHANGE).commands).toEqual([]);
  const rotated = diffConfigs(FORTIOS_DIALECT, running, intended, {
    ...FULL_CHANGE,
    rotatedSecrets: ["env:A"],
  });
  expect(rotated.commands).toContain("set password ${secret:env:A@1}");
});

test("one line may hold several Junos statements", () => {
  const text = "firewall {\n    filter F {\n        term E { then { log; discard; } }\n    }\n}\n";
  expect(renderTree(parseConfig(JUNOS_DIALECT, text))).toBe(text);
  const change = diffConfigs(
    JUNOS_DIALECT,
    text,
    "set firewall filter F term E then discard\nset firewall filter F term E then log\n",
    FULL_CHANGE,
  );
  expect(change.commands).toEqual([]);
});
