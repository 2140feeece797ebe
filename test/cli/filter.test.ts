import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const OLD = `ip access-list extended GUEST
 10 permit tcp any any established
 20 deny ip any 10.0.0.0 0.255.255.255
 30 permit tcp any host 10.1.20.5 eq 443
 40 permit tcp any any eq 443
 50 permit udp any any eq domain time-range DAY
`;
const NEW = OLD.replace(" 40 permit tcp any any eq 443\n", " 40 permit tcp any any range 443 444\n");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-filter-"));
  writeFileSync(join(folder, "old.cfg"), OLD);
  writeFileSync(join(folder, "new.cfg"), NEW);
});
afterAll(() => rmSync(folder, { recursive: true }));

function filter(
  args: readonly string[],
  input = "",
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(ROOT, "bin/sitewright.js"), "filter", ...args],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1" } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

/** The result of a JSON answer, which must keep to the published schema. */
function resultOf(stdout: string): Record<string, unknown> {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const { result } = JSON.parse(stdout) as { result: Record<string, unknown> };
  ajv.validate(JSON.parse(readFileSync(join(ROOT, "docs/schemas/filter.json"), "utf8")) as object, result);
  expect(ajv.errors ?? []).toEqual([]);
  return result;
}

const GUEST = ["--platform", "iosxe", "--filter", "GUEST"];

describe("sitewright filter", () => {
  test("test says verdict and line", async () => {
    const { code, stdout } = await filter([
      "test",
      ...GUEST,
      "--json",
      "old.cfg",
      "tcp 10.1.90.10:49152 -> 10.1.20.5:443",
    ]);
    expect(code).toBe(0);
    expect(resultOf(stdout)).toEqual({
      verdict: "deny",
      line: 3,
      text: "20 deny ip any 10.0.0.0 0.255.255.255",
      implicit: false,
      proof: "proved",
      dependsOn: [],
    });
  });

  test("test takes the packet in several words, with `to`, and says what an unknown answer rests on", async () => {
    const { stdout } = await filter(["test", ...GUEST, "old.cfg", "udp", "10.1.90.10", "to", "8.8.8.8:53"]);
    expect(stdout).toContain("permit  old.cfg:6");
    expect(stdout).toContain("unknown: the answer rests on");
  });

  test("check finds what is dead, with the lines that cover it and a packet", async () => {
    const { code, stdout } = await filter(["check", "--platform", "iosxe", "--json", "old.cfg"]);
    const { findings } = JSON.parse(stdout) as {
      findings: readonly { code: string; message: string; where: object; related?: readonly object[] }[];
    };
    const dead = findings.find((finding) => finding.code === "RUL-001");
    expect(code).toBe(1);
    expect(resultOf(stdout)).toMatchObject({ filters: [{ name: "GUEST", rules: 5, unmodelled: 1 }] });
    const said = await filter(["check", "--platform", "iosxe", "old.cfg"]);
    expect(said.stdout).toMatch(/lines that decide something: 3 proved, 1 violated, 1 unknown \(20\.0 %\)/);
    expect(dead?.where).toEqual({ file: "old.cfg", line: 4, column: 1 });
    expect(dead?.related).toEqual([{ file: "old.cfg", line: 3, column: 1 }]);
    expect(dead?.message).toMatch(/tcp \S+ -> 10\.1\.20\.5:443$/);
  });

  test("compare gives exactly what opened and closed", async () => {
    const { code, stdout } = await filter(["compare", ...GUEST, "--json", "old.cfg", "new.cfg"]);
    const { opened, closed, proof } = resultOf(stdout) as {
      opened: { flow: string }[];
      closed: unknown[];
      proof: string;
    };
    expect([code, closed, proof]).toEqual([0, [], "proved"]);
    // Everything but 10.0.0.0/8 on port 444, for packets that the first entry does not take.
    expect(opened.every(({ flow }) => flow.includes(":444"))).toBe(true);
    expect(opened.length).toBeGreaterThan(0);
    const same = await filter(["compare", ...GUEST, "old.cfg", "old.cfg"]);
    expect(same.stdout).toMatch(/^the same packets pass\n/);
  });

  test("a batch answers line by line; a bad line is answered with a finding", async () => {
    const line = (id: number, packet: string, name = "GUEST") =>
      JSON.stringify({ id, platform: "iosxe", config: OLD, filter: name, packet });
    const input = [
      line(1, "tcp 10.1.90.1 -> 8.8.8.8:443"),
      line(2, "tcp 10.1.90.1 -> 8.8.8.8:80"),
      line(3, "tcp nonsense"),
      line(4, "icmp 1.1.1.1 -> 2.2.2.2", "NONE"),
      "no json",
    ];
    const { code, stdout } = await filter(["test", "--batch"], `${input.join("\n")}\n`);
    const answers = stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(code).toBe(0);
    expect(answers.map(({ id, verdict, line: at, implicit }) => [id, verdict, at, implicit])).toEqual([
      [1, "permit", 5, false],
      [2, "deny", null, true],
      [3, null, null, false],
      [4, null, null, false],
      [null, null, null, false],
    ]);
    expect(answers[3]?.findings).toMatchObject([
      { message: 'there is no filter "NONE"', hint: "there are: GUEST" },
    ]);
  });

  test.each([
    [["test", "--platform", "iosxe", "old.cfg"], "wants a file and a packet"],
    [["test", "--platform", "nxos", "old.cfg", "tcp 1.1.1.1 -> 2.2.2.2:3"], "no filters can be read"],
    [["test", ...GUEST, "missing.cfg", "tcp 1.1.1.1 -> 2.2.2.2:3"], "cannot be read"],
    [["test", ...GUEST, "old.cfg", "tcp 1.1.1.1 -> 2.2.2.2"], "the destination has no port"],
    [["judge", "old.cfg"], 'filter cannot "judge"'],
  ])("wrong usage ends with 4: %j", async (args, message) => {
    const { code, stderr } = await filter(args);
    expect(code).toBe(4);
    expect(stderr).toContain(message);
  });
});
