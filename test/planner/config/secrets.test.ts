import { describe, expect, test } from "vitest";
import { IOSXE_DIALECT } from "../../../src/drivers/iosxe/dialect.ts";
import { VRP_DIALECT } from "../../../src/drivers/vrp/dialect.ts";
import { diffConfigs } from "../../../src/planner/config/change.ts";
import { compareTrees } from "../../../src/planner/config/compare.ts";
import { parseConfig } from "../../../src/planner/config/parse.ts";
import { redactConfig } from "../../../src/planner/config/secrets.ts";

const FULL = { kind: "full" } as const;

describe("a reference stands for the hash that a device shows", () => {
  const cases = [
    [
      IOSXE_DIALECT,
      "username ops privilege 15 secret 9 $9$abc\n",
      "username ops privilege 15 algorithm-type scrypt secret ${secret:env:OPS@2}\n",
    ],
    [IOSXE_DIALECT, "enable secret 9 $9$abc\n", "enable algorithm-type scrypt secret ${secret:env:OPS@2}\n"],
    [IOSXE_DIALECT, "tacacs server T\n key 7 0822455D0A16\n", "tacacs server T\n key ${secret:env:OPS@2}\n"],
    [
      IOSXE_DIALECT,
      "ntp authentication-key 1 md5 104D000A0618 7\n",
      "ntp authentication-key 1 md5 ${secret:env:OPS@2}\n",
    ],
    [
      VRP_DIALECT,
      "aaa\n local-user ops password irreversible-cipher $1a$abc$\n",
      "aaa\n local-user ops password irreversible-cipher ${secret:env:OPS@2}\n",
    ],
    [
      VRP_DIALECT,
      "super password level 15 cipher %^%#abc%^%#\n",
      "super password level 15 cipher ${secret:env:OPS@2}\n",
    ],
    [
      VRP_DIALECT,
      "snmp-agent usm-user v3 mon authentication-mode sha cipher %^%#abc%^%#\n",
      "snmp-agent usm-user v3 mon authentication-mode sha cipher ${secret:env:OPS@2}\n",
    ],
  ] as const;
  test.each(cases)("%# equal, and typed anew when its reference is rotated", (dialect, running, intended) => {
    const same = diffConfigs(dialect, running, intended, { scope: FULL });
    expect(same.commands).toEqual([]);
    const rotated = diffConfigs(dialect, running, intended, { scope: FULL, rotatedSecrets: ["env:OPS"] });
    expect(rotated.commands.join("\n")).toContain("${secret:env:OPS@2}");
    expect(
      compareTrees(dialect, parseConfig(dialect, rotated.predicted), parseConfig(dialect, running), FULL),
    ).toEqual([]);
  });

  test.each(cases)("%# a redacted archive equals it too, and holds no hash", (dialect, running, intended) => {
    const archived = redactConfig(dialect, running);
    expect(archived).not.toMatch(/abc|0822455D0A16|104D000A0618/);
    expect(diffConfigs(dialect, archived, intended, { scope: FULL }).commands).toEqual([]);
  });
});

test("another hash is a change behind our back where the device keeps its salt", () => {
  const before = parseConfig(IOSXE_DIALECT, "username ops privilege 15 secret 9 $9$abc\n");
  const after = parseConfig(IOSXE_DIALECT, "username ops privilege 15 secret 9 $9$xyz\n");
  const items = compareTrees(IOSXE_DIALECT, before, after, FULL);
  expect(items.map((item) => item.kind)).toEqual(["changed"]);
  expect(JSON.stringify(items)).not.toMatch(/abc|xyz/);
});

test("another cipher text of the same kind is no change where the device salts it anew", () => {
  const before = parseConfig(
    VRP_DIALECT,
    "ntp-service authentication-keyid 1 authentication-mode hmac-sha256 cipher %^%#abc%^%#\n",
  );
  const after = parseConfig(
    VRP_DIALECT,
    "ntp-service authentication-keyid 1 authentication-mode hmac-sha256 cipher %^%#xyz%^%#\n",
  );
  expect(compareTrees(VRP_DIALECT, before, after, FULL)).toEqual([]);
});

test("SNMPv3 users, which IOS never shows, are typed with their new group and left alone afterwards", () => {
  const user = "snmp-server user mon NMS v3 auth sha ${secret:env:A@1} priv aes 128 ${secret:env:P@1}";
  const group = "snmp-server group NMS v3 priv";
  expect(
    diffConfigs(IOSXE_DIALECT, "hostname A\n", `hostname A\n${group}\n${user}\n`, { scope: FULL }).commands,
  ).toEqual([group, user]);
  expect(diffConfigs(IOSXE_DIALECT, `${group}\n`, `${group}\n${user}\n`, { scope: FULL }).commands).toEqual(
    [],
  );
  expect(
    diffConfigs(IOSXE_DIALECT, `${group}\n`, `${group}\n${user}\n`, {
      scope: FULL,
      rotatedSecrets: ["env:P"],
    }).commands,
  ).toEqual([user]);
});
