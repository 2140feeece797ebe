import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FORTIOS_DIALECT } from "../../src/drivers/fortios/dialect.ts";
import { ROUTEROS_DIALECT } from "../../src/drivers/routeros/dialect.ts";
import { diffConfigs, FULL_CHANGE } from "../../src/planner/config/change.ts";
import { type FormDevice, loadForm } from "./form-devices.ts";
import { abstractSite, spellSite } from "./random-forms.ts";

const RUNS = { numRuns: 60, seed: 20_261_123 };
const PROBES = ["10.0.20.5", "10.0.20.6", "192.0.2.9"].flatMap((from) =>
  [22, 443].map((port) => ({ from, port })),
);

/** What a FortiGate lets through, by reading what the model shows: policies in their order, nothing else passes. */
function fortigate(device: FormDevice): boolean[] {
  const lines = device.show().split("\n");
  const addresses = fields(lines, "config firewall address");
  const policies = [...fields(lines, "config firewall policy").values()];
  return PROBES.map(({ from, port }) => {
    const hit = policies.find((policy) => {
      const name = policy.get("srcaddr");
      const source =
        name === "all" ||
        addresses
          .get(name ?? "")
          ?.get("subnet")
          ?.split(" ")[0] === from;
      return source && policy.get("service") === (port === 22 ? "SSH" : "HTTPS") && policy.has("dstaddr");
    });
    return hit?.get("action") === "accept";
  });
}

function fields(lines: readonly string[], table: string): Map<string, Map<string, string>> {
  const objects = new Map<string, Map<string, string>>();
  for (const line of lines) {
    const [, name = "", key = "", value = ""] =
      new RegExp(`^${table} / edit (\\S+) ([\\w-]+)=(.*)$`).exec(line) ?? [];
    if (name === "") continue;
    const object = objects.get(name) ?? new Map<string, string>();
    object.set(key, value);
    objects.set(name, object);
  }
  return objects;
}

/** What a router lets through: the first rule that matches, and what none names. */
function router(device: FormDevice): boolean[] {
  const lines = device.show().split("\n");
  const members = lines.flatMap((line) => {
    const found = /^\/ip firewall address-list \+ address=(\S+) list=(\S+)$/.exec(line);
    return found ? [{ address: found[1], list: found[2] }] : [];
  });
  const rules = lines.filter((line) => line.startsWith("/ip firewall filter + "));
  return PROBES.map(({ from, port }) => {
    const hit = rules.find((rule) => {
      const list = / src-address-list=(\S+)/.exec(rule)?.[1];
      const named = list === undefined || members.some((one) => one.list === list && one.address === from);
      return named && rule.includes(` dst-port=${port} `) && !rule.includes("disabled=yes");
    });
    return hit === undefined || hit.includes(" action=accept ") || hit.includes("+ action=accept ");
  });
}

const JUDGES = { fortios: fortigate, routeros: router } as const;

/** Commands after which a moment of its own begins: an object is stored, a rule stands. */
function isMoment(platform: string, command: string): boolean {
  return platform === "routeros" || /^(?:next|end|move|delete)\b/.test(command.trim());
}

describe.each([FORTIOS_DIALECT, ROUTEROS_DIALECT].map((dialect) => [dialect.platform, dialect] as const))(
  "%s",
  (platform, dialect) => {
    const look = JUDGES[platform as keyof typeof JUDGES];
    const pair = fc.tuple(abstractSite, abstractSite);

    function firstStray(running: string, intended: string, commands: readonly string[]): string | undefined {
      const before = look(loadForm(platform, running));
      const after = look(loadForm(platform, intended));
      const device = loadForm(platform, running);
      for (const command of commands) {
        device.type(command);
        if (!isMoment(platform, command)) continue;
        const now = look(device);
        const at = PROBES.findIndex((_, i) => now[i] !== before[i] && now[i] !== after[i]);
        if (at >= 0) return `after "${command}": ${JSON.stringify(PROBES[at])}`;
      }
      return undefined;
    }

    test("between two rules no packet passes or is dropped that both ends treat otherwise, unless a finding says so", () => {
      let safe = 0;
      fc.assert(
        fc.property(pair, ([one, two]) => {
          const running = spellSite(platform, one, 0);
          const intended = spellSite(platform, two, 0);
          const change = diffConfigs(dialect, running, intended, FULL_CHANGE);
          if (change.findings.some((finding) => finding.code === "CFG-UNSAFE-STEP")) return;
          safe++;
          expect(firstStray(running, intended, change.commands)).toBeUndefined();
        }),
        RUNS,
      );
      expect(safe).toBeGreaterThan(20);
    });

    test("without the proof the same changes come by such packets: the law can fail", () => {
      let caught = 0;
      fc.assert(
        fc.property(pair, ([one, two]) => {
          const running = spellSite(platform, one, 0);
          const intended = spellSite(platform, two, 0);
          const { commands } = diffConfigs(dialect, running, intended, { ...FULL_CHANGE, prove: false });
          if (firstStray(running, intended, commands) !== undefined) caught++;
        }),
        RUNS,
      );
      expect(caught).toBeGreaterThan(3);
    });

    test("the finding names a packet of the rule", () => {
      const messages: string[] = [];
      fc.assert(
        fc.property(pair, ([one, two]) => {
          const change = diffConfigs(
            dialect,
            spellSite(platform, one, 0),
            spellSite(platform, two, 0),
            FULL_CHANGE,
          );
          for (const { code, message } of change.findings)
            if (code === "CFG-UNSAFE-STEP" && /permits|drops/.test(message)) messages.push(message);
        }),
        RUNS,
      );
      for (const message of messages) expect(message).toMatch(/(?:tcp|udp|icmp|proto \d+) \S+ -> \S+/);
    });
  },
);
