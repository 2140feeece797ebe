import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/lab/emulator/emulator.ts";
import type { Emulator, EmulatorPlatform } from "../../src/lab/emulator/types.ts";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { compareTrees } from "../../src/planner/config/compare.ts";
import type { Dialect } from "../../src/planner/config/dialect.ts";
import { parseConfig } from "../../src/planner/config/parse.ts";
import { casesOf, PRACTISED } from "../golden/cases.ts";

/** Cases in which a practice device does not do as the vendor's manual says, each with what differs. */
const DIFFERS: Readonly<Record<string, string>> = {
  "iosxe/ospf-passive-by-default": "`passive-interface default` leaves the exceptions",
  "iosxe/nat": "`no ip access-list` leaves the list",
  "iosxe/snmp-ntp-logging": "`no ip access-list` leaves the list",
  "iosxe/t2-replace-bound-list": "`no ip access-list` leaves the list",
  "iosxe/t6-unbind-terminal-filter": "`no ip access-list` leaves the list",
  "vrp/acl-no-free-number": "`step` does not renumber the rules",
  "vrp/hybrid-port": "`undo port hybrid vlan` takes untagged VLANs only",
  "vrp/hybrid-vlan-changes-tag": "`undo port hybrid vlan` takes untagged VLANs only",
};

/** The practice devices as judges: they print configurations of their own and refuse what they do not take.
 *  Lines of a case that they do not know are left out when they boot, on both sides alike. */
for (const dialect of PRACTISED) {
  describe(`${dialect.platform} practice device`, () => {
    const cases = casesOf(dialect.platform).filter(
      (golden) => DIFFERS[`${dialect.platform}/${golden.name}`] === undefined,
    );
    test.each(cases.map((golden) => [golden.name, golden] as const))(
      "%s: there and back",
      async (_, golden) => {
        await thereAndBack(dialect.platform as EmulatorPlatform, dialect, golden.running, golden.intended);
      },
    );
  });
}

async function thereAndBack(platform: EmulatorPlatform, dialect: Dialect, running: string, intended: string) {
  const device = await boot(platform, running);
  const wanted = await boot(platform, intended);
  try {
    const before = device.running();
    const after = wanted.running();
    const change = diffConfigs(dialect, before, after, FULL_CHANGE);
    device.handEdit(change.commands);
    expect(differences(dialect, device.running(), after), change.commands.join("\n")).toEqual([]);
    device.handEdit(change.rollback);
    expect(differences(dialect, device.running(), before), change.rollback.join("\n")).toEqual([]);
  } finally {
    await device.stop();
    await wanted.stop();
  }
}

function boot(platform: EmulatorPlatform, config: string): Promise<Emulator> {
  const end = platform === "iosxe" ? "end" : "return";
  return startEmulator({ platform, hostname: "SW1", users: [], config: `${config}${end}\n` });
}

function differences(dialect: Dialect, one: string, other: string): string[] {
  const items = compareTrees(
    dialect,
    parseConfig(dialect, one),
    parseConfig(dialect, other),
    FULL_CHANGE.scope,
  );
  return items.map(
    (item) => `${item.kind} ${item.path.join(" / ")}: ${item.before ?? "-"} -> ${item.after ?? "-"}`,
  );
}
