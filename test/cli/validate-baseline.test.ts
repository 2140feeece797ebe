import { afterEach, beforeEach, expect, test } from "vitest";
import { makeRepository, type Repository } from "./preview-repository.ts";

const RULES = "inventory/northgate/office/rules.yaml";

interface Answer {
  readonly exitCode: number;
  readonly findings: readonly { readonly code: string; readonly severity: string }[];
  readonly result: {
    readonly baseline: {
      readonly known: number;
      readonly gone: readonly { readonly code: string }[];
      readonly updated: boolean;
    };
  };
}

let repository: Repository;
beforeEach(() => {
  repository = makeRepository();
});
afterEach(() => repository.remove());

async function validate(...args: readonly string[]): Promise<Answer> {
  const { stdout } = await repository.run(["validate", "--baseline", "known.json", "--json", ...args]);
  return JSON.parse(stdout) as Answer;
}

/** A rule that anybody may use for anything: RUL-004 and others. */
const WIDE = "\nR0900:\n  from: office\n  to: zone:internet\n  service: any\n  reason: test\n";

test("an old site is let in, also when its lines move; a new finding fails; a mended one is taken out", async () => {
  const sound = repository.read(RULES);
  repository.write(RULES, `${sound}${WIDE}`);
  const first = await validate("--update-baseline");
  expect(first.exitCode).toBe(0);
  expect(first.result.baseline.updated).toBe(true);

  repository.write(RULES, `# moved\n# by two lines\n${sound}${WIDE}`);
  const moved = await validate();
  expect(moved.findings).toEqual([]);
  expect(moved.result.baseline).toEqual({ known: first.result.baseline.known, gone: [], updated: false });

  repository.write(RULES, `${sound}${WIDE}${WIDE.replace("R0900", "R0901")}`);
  const worse = await validate();
  expect(worse.exitCode).toBe(1);
  expect(worse.findings.filter((finding) => finding.severity === "error")).not.toEqual([]);

  repository.write(RULES, sound);
  const mended = await validate("--update-baseline");
  expect(mended.result.baseline.gone.map((entry) => entry.code)).toContain("RUL-005");
  expect((await validate()).result.baseline.gone).toEqual([]);
});

test("a missing baseline, a damaged one and a file that is none let nothing in and are left as they are", async () => {
  const missing = await validate();
  expect(missing.exitCode).toBe(1);
  expect(missing.findings.map((finding) => finding.code)).toContain("BSL-MISSING");
  for (const text of ["{", '{"version": 9, "findings": []}', "site: yaml\n"]) {
    repository.write("known.json", text);
    for (const args of [[], ["--update-baseline"]]) {
      const answer = await validate(...args);
      expect(answer.exitCode).toBe(1);
      expect(answer.findings.map((finding) => finding.code)).toContain("BSL-UNREADABLE");
      expect(repository.read("known.json")).toBe(text);
    }
  }
});

test("a baseline of a part of the workspace is refused", async () => {
  const ran = await repository.run(["validate", "northgate", "--baseline", "k.json", "--update-baseline"]);
  expect([ran.code, ran.stderr]).toEqual([4, expect.stringContaining("the whole workspace")]);
});
