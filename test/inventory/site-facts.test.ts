import { expect, test } from "vitest";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import { siteFacts } from "../../src/inventory/resolve/site-facts.ts";
import { runChecks } from "../../src/planner/checks/run-checks.ts";
import { type Changes, FW, SW1, SW2, workspaceWith } from "./spoil.ts";

const MODEL = "inventory/models/switch-8.yaml";
const SPARE = "inventory/acme/hq/devices/shelf.yaml";

function findingsWith(changes: Changes, code: string): string[] {
  const workspace = workspaceWith(changes);
  const { sites } = resolveWorkspace(workspace);
  const report = runChecks(sites, { today: "2026-11-22", facts: siteFacts(workspace, sites) });
  expect(report.notEvaluated.map(({ id }) => id)).not.toContain(code);
  return report.findings.filter((finding) => finding.code === code).map(({ message }) => message);
}

const add = (file: string, text: string): Changes => ({ [file]: (before) => `${before}${text}` });

test("facts hold what the files of devices and models say", () => {
  const workspace = workspaceWith({
    ...add(
      MODEL,
      "endOfLife: 2027-06-30\nfirmware:\n  minimum: V200R021\n  approved: [V200R022, V200R023]\n",
    ),
    ...add(FW, "ha:\n  mode: active-passive\n  heartbeat: [eth2, eth3]\n"),
    [SPARE]: "asset: A-SW-9\nmodel: switch-8\nstate: spare\n",
  });
  const facts = siteFacts(workspace, resolveWorkspace(workspace).sites).get("acme/hq");
  expect(facts?.devices.get("sw-1")).toEqual({
    state: "active",
    endOfLife: "2027-06-30",
    minimumFirmware: "V200R021",
    approvedFirmware: ["V200R022", "V200R023"],
  });
  expect(facts?.devices.get("fw")).toEqual({ state: "active", heartbeat: ["eth2", "eth3"] });
  expect(facts?.devices.get("shelf")?.state).toBe("spare");
  expect([...(facts?.spares ?? [])]).toEqual([["switch-8", 1]]);
});

test("a switch past its model's end of life is told", () => {
  expect(findingsWith(add(MODEL, "endOfLife: 2026-06-30\n"), "SYS-003")).toEqual([
    "sw-1 (switch-8) reached the end of its life on 2026-06-30",
    "sw-2 (switch-8) reached the end of its life on 2026-06-30",
  ]);
  expect(findingsWith({}, "SYS-003")).toEqual([]);
});

test("firmware below the model's minimum is told, and a model that names none is mentioned", () => {
  const minimum = add(MODEL, "firmware:\n  minimum: V200R021\n");
  const old = { ...minimum, ...add(SW1, "firmware: V200R019\n"), ...add(SW2, "firmware: V200R022\n") };
  expect(findingsWith(old, "SYS-002")).toContain("sw-1 runs V200R019, at least V200R021 is asked for");
  expect(findingsWith({}, "SYS-002").join()).toContain("switch-8 names no firmware");
});

test("a cable to a retired switch is told", () => {
  const retired = findingsWith(add(SW2, "state: retired\n"), "AST-005");
  expect(retired.length).toBeLessThanOrEqual(1);
  expect(findingsWith({}, "AST-005")).toEqual([]);
});
