import { describe, expect, test } from "vitest";
import { rollbackFrom } from "../../src/planner/config/change.ts";
import { casesOf, changeOf, MODELLED } from "../golden/cases.ts";
import { leaveAll, loadDevice, typeAll } from "./devices.ts";

const PLACEHOLDER = /\$\{secret:[^}]+\}/;

describe.each(MODELLED.map((dialect) => [dialect.platform, dialect] as const))(
  "%s on a modelled device",
  (platform, dialect) => {
    const cases = casesOf(platform).map((golden) => [golden.name, golden] as const);
    test.each(cases.filter(([, golden]) => !PLACEHOLDER.test(golden.intended)))(
      "%s: the commands lead to intended, the rollback back",
      (_, golden) => {
        const change = changeOf(dialect, golden);
        const device = typeAll(loadDevice(platform, golden.running), change.commands);
        expect(device.show()).toBe(loadDevice(platform, golden.intended).show());
        typeAll(device, change.rollback);
        expect(device.show()).toBe(loadDevice(platform, golden.running).show());
      },
    );
    test.each(cases)("%s: from every step the rollback leads back to running", (_, golden) => {
      const change = changeOf(dialect, golden);
      const before = loadDevice(platform, golden.running).show();
      for (let count = 0; count <= change.commands.length; count++) {
        const device = typeAll(loadDevice(platform, golden.running), change.commands.slice(0, count));
        leaveAll(platform, device);
        typeAll(device, rollbackFrom(dialect, golden.running, golden.intended, golden.options, count));
        expect(device.show(), `after ${count} commands`).toBe(before);
      }
    });
  },
);
