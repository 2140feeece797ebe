import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Attribution, attributeAll, type Evidence } from "../../../src/drift/attribution/attribute.ts";
import { type EvidenceRecord, record } from "../../../src/drivers/evidence.ts";

const T = Date.parse("2026-11-22T10:00:00Z");
const INTERVAL = { lastGoodMs: T, firstSeenMs: T + 3_600_000 };
const OWN = { users: new Set(["ops"]) };
const ITEM = {
  path: ["interface GigabitEthernet1/0/1", "switchport access vlan"],
  kind: "changed",
  applied: "switchport access vlan 10",
  running: "switchport access vlan 20",
} as const;

function source(records: readonly EvidenceRecord[], skewMs = 0, measured = true): Evidence {
  return { records, skewMs, measured };
}

function who(records: readonly EvidenceRecord[], skewMs = 0): Attribution {
  const [found] = attributeAll([ITEM], INTERVAL, [source(records, skewMs)], OWN);
  if (!found) throw new Error("nothing");
  return found;
}

function stay(name: string, from: string, start: number, end?: number): EvidenceRecord[] {
  const of = { who: name, means: `ssh ${name}`, from } as const;
  const login = record({ ...of, kind: "login", atMs: T + start, line: `login ${name} ${from}` });
  if (end === undefined) return [login];
  return [login, record({ ...of, kind: "logout", atMs: T + end, line: `logout ${name}` })];
}

function typed(name: string, at: number, ...commands: readonly string[]): EvidenceRecord[] {
  return commands.map((command) =>
    record({
      kind: "command",
      who: name,
      means: "vty0",
      atMs: T + at,
      command,
      line: `${name} typed ${command}`,
    }),
  );
}

const PORT = ["interface gi1/0/1", "switchport access vlan 20"] as const;

describe("who changed it", () => {
  test("is named by the very command that the device recorded", () => {
    expect(who(typed("alice", 60_000, ...PORT))).toMatchObject({
      by: { name: "alice", confidence: "named" },
      at: "2026-11-22T10:01:00.000Z",
    });
  });

  test.each([
    ["on another port", ["interface gi1/0/2", "switchport access vlan 20"]],
    ["with another value", ["interface gi1/0/1", "switchport access vlan 30"]],
    ["of another block that was opened since", [PORT[0], "interface gi1/0/9", PORT[1]]],
  ])("is not named by a command %s", (_title, commands) => {
    expect(who(typed("alice", 60_000, ...commands)).by.confidence).toBe("session");
  });

  test("is not named by the same command before the interval", () => {
    expect(who(typed("alice", -60_000, ...PORT)).by).toEqual({ name: undefined, confidence: "unknown" });
  });

  test("is the only one who was there, with a weaker word for it", () => {
    expect(who(stay("alice", "10.0.0.5", 1000, 9000))).toMatchObject({
      by: { name: "alice", confidence: "session" },
      from: "10.0.0.5",
      evidence: "login alice 10.0.0.5",
    });
  });

  test("is nobody where two sessions overlap, and both stay as evidence", () => {
    const found = who([...stay("alice", "10.0.0.5", 1000, 9000), ...stay("bob", "10.0.0.6", 2000)]);
    expect(found.by).toEqual({ name: undefined, confidence: "unknown" });
    expect(found.evidence).toBe("login alice 10.0.0.5\nlogin bob 10.0.0.6");
  });

  test("is nobody where one account was used from two addresses", () => {
    const found = who([...stay("admin", "10.0.0.5", 1000), ...stay("admin", "10.0.0.6", 2000)]);
    expect(found.by.name).toBeUndefined();
  });

  test("is not the job itself, which only reads", () => {
    expect(who(stay("ops", "10.0.0.9", 1000)).by.confidence).toBe("unknown");
    const found = who([...stay("ops", "10.0.0.9", 1000), ...stay("alice", "10.0.0.5", 1000)]);
    expect(found.by).toEqual({ name: "alice", confidence: "session" });
  });

  test("is the job's login where somebody typed by it", () => {
    expect(who(typed("ops", 5000, ...PORT)).by).toEqual({ name: "ops", confidence: "named" });
  });

  test("is told by our clock although the device's is an hour ahead, and the evidence says so", () => {
    const found = who(typed("alice", 3_600_000 + 60_000, ...PORT), 3_600_000);
    expect(found.at).toBe("2026-11-22T10:01:00.000Z");
    expect(found.evidence).toContain("its clock is 3600 s ahead of ours; times are corrected");
  });

  test("is unknown without evidence", () => {
    expect(who([])).toEqual({
      by: { name: undefined, confidence: "unknown" },
      at: undefined,
      from: undefined,
      evidence: undefined,
    });
  });

  test("a configuration log without times counts only where that person configured in the interval", () => {
    const old = typed("alice", 0, ...PORT).map((one) => ({ ...one, atMs: undefined }));
    expect(who(old).by.confidence).toBe("unknown");
    const change = record({
      kind: "change",
      who: "alice",
      means: "vty0",
      from: "10.0.0.5",
      atMs: T + 7000,
      line: "C",
    });
    expect(who([...old, change])).toMatchObject({
      by: { name: "alice", confidence: "named" },
      from: "10.0.0.5",
    });
    const other = { ...change, who: "bob" };
    expect(who([...old, other]).by).toEqual({ name: "bob", confidence: "session" });
  });
});

const person = fc.constantFrom("alice", "bob", "carol", "ops", "a\u001b[31m", "x".repeat(300));
const anyRecord: fc.Arbitrary<EvidenceRecord> = fc.record({
  kind: fc.constantFrom("login", "logout", "command", "change"),
  who: person,
  from: fc.option(fc.constantFrom("10.0.0.5", "10.0.0.6", "<b>"), { nil: undefined }),
  means: fc.constantFrom("vty0", "sudo", "ssh 1"),
  atMs: fc.option(fc.integer({ min: T - 7_200_000, max: T + 7_200_000 }), { nil: undefined }),
  command: fc.option(fc.constantFrom(...PORT, "no shutdown", "\u202e", "nft add rule"), { nil: undefined }),
  line: fc.string({ unit: "binary", maxLength: 600 }),
});
const anyRecords = fc.array(anyRecord, { maxLength: 20 });

describe("whatever a log holds", () => {
  test("two people who were there at once and named by nothing are never one culprit", () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const quiet = records.map((one) => ({ ...one, command: undefined }));
        const two = [...quiet, ...stay("yvonne", "10.9.0.1", 1000), ...stay("zoe", "10.9.0.2", 1000)];
        expect(who(two).by).toEqual({ name: undefined, confidence: "unknown" });
      }),
    );
  });

  test("a name is given only with evidence that holds it, printable and bounded", () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const { by, evidence, from } = who(records);
        expect(by.name === undefined).toBe(by.confidence === "unknown");
        if (by.name !== undefined) {
          expect(by.name).toMatch(/^[\p{L}\p{N}._@\\+-]{1,64}$/u);
          expect(records.some((one) => one.who === by.name)).toBe(true);
          expect(evidence).toBeDefined();
        }
        if (from !== undefined) expect(from).toMatch(/^[0-9.]+$/);
        for (const line of evidence?.split("\n") ?? []) {
          expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
          expect(line.length).toBeLessThanOrEqual(400);
        }
      }),
    );
  });

  test("the same skew on records and clock changes nothing", () => {
    fc.assert(
      fc.property(anyRecords, fc.integer({ min: -1_000_000, max: 1_000_000 }), (records, skew) => {
        const late = records.map((one) => (one.atMs === undefined ? one : { ...one, atMs: one.atMs + skew }));
        const { by, at, from } = who(late, skew);
        expect({ by, at, from }).toEqual({
          by: who(records).by,
          at: who(records).at,
          from: who(records).from,
        });
      }),
    );
  });

  test("records outside the interval are no evidence", () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 10 }), (records) => {
        const past = records
          .filter((one) => !one.kind.startsWith("log"))
          .map((one) => ({ ...one, atMs: T - 5_000 - (Math.abs(one.atMs ?? 0) % 1000) }));
        expect(who(past).by.confidence).toBe("unknown");
      }),
    );
  });
});
