import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeFrame } from "../../src/inventory/code-frame.ts";
import { workspaceOfTexts } from "../../src/inventory/read/workspace.ts";
import { allocatePools } from "../../src/inventory/resolve/allocate.ts";
import { explainValue } from "../../src/inventory/resolve/explain.ts";
import { resolveWorkspace } from "../../src/inventory/resolve/resolve.ts";
import { isFileWhere } from "../../src/model/finding.ts";
import { BASE } from "../errors/base-workspace.ts";

const RUNS = 150;
const junk = fc.constantFrom(
  "",
  "null",
  "~",
  "0",
  "-1",
  "99999999999",
  "1.5",
  "true",
  "[]",
  "{}",
  "[null]",
  "[[]]",
  "{a: {b: c}}",
  '""',
  "'x y'",
  "&a *a",
  "*a",
  "<<",
  "office",
  "fw",
  "srv-1",
  "zone:",
  "zone:x",
  "::",
  "10.1.1.1/33",
  "1-",
  "-",
  "a/b/c",
  ":",
  "sw-1:",
  ":eth0",
  "{add: [x], remove: [y]}",
  "{remove: [office]}",
  "\u0000",
  "上海",
  "__proto__",
  "!!binary x",
  "2001:db8::/129",
  "00:00",
);

function judge(texts: ReadonlyMap<string, string>): void {
  const workspace = workspaceOfTexts("/", texts);
  const { findings } = resolveWorkspace(workspace);
  for (const finding of findings) {
    expect(finding.message.length).toBeLessThanOrEqual(100);
    expect(finding.hint).not.toBe("");
    expect(JSON.stringify(finding)).not.toContain("undefined");
    if (isFileWhere(finding.where)) codeFrame(workspace, finding.where);
  }
  allocatePools(workspace);
  explainValue(workspace, "acme/hq", "sw-1:GE0/0/8.tagged");
}

describe("whatever stands in the files ends in findings, never in a crash", () => {
  const files = [...BASE.keys()];

  test("one value replaced by junk", () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), junk, (file, at, value) => {
        const lines = (BASE.get(file) ?? "").split("\n");
        const index = at % Math.max(1, lines.length - 1);
        lines[index] = (lines[index] ?? "").replace(/:.*$/, () => `: ${value}`);
        judge(new Map(BASE).set(file, lines.join("\n")));
      }),
      { numRuns: RUNS },
    );
  });

  test("lines taken out, doubled and moved in two files at once", () => {
    const edit = fc.record({
      file: fc.constantFrom(...files),
      at: fc.nat(),
      count: fc.integer({ min: 1, max: 4 }),
      how: fc.constantFrom("drop", "double", "indent", "outdent", "swap"),
    });
    fc.assert(
      fc.property(edit, edit, (first, second) => {
        const texts = new Map(BASE);
        for (const { file, at, count, how } of [first, second]) {
          const lines = (texts.get(file) ?? "").split("\n");
          const from = at % Math.max(1, lines.length - 1);
          const part = lines.splice(from, count);
          if (how === "double") lines.splice(from, 0, ...part, ...part);
          if (how === "indent") lines.splice(from, 0, ...part.map((line) => `  ${line}`));
          if (how === "outdent") lines.splice(from, 0, ...part.map((line) => line.replace(/^ {2}/, "")));
          if (how === "swap") lines.splice(from, 0, ...part.reverse());
          texts.set(file, lines.join("\n"));
        }
        judge(texts);
      }),
      { numRuns: RUNS },
    );
  });

  test("any file missing", () => {
    for (const file of files) {
      const texts = new Map(BASE);
      texts.delete(file);
      judge(texts);
    }
  });

  test("any bytes as any file", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.string({
          maxLength: 200,
          unit: fc.constantFrom(
            "a",
            ":",
            " ",
            "\n",
            "-",
            "[",
            "]",
            "{",
            "}",
            "#",
            "&",
            "*",
            "!",
            "|",
            ">",
            "'",
            '"',
            "%",
            "@",
            "`",
            "\t",
            "0",
            "é",
          ),
        }),
        (file, text) => {
          judge(new Map(BASE).set(file, text));
        },
      ),
      { numRuns: RUNS },
    );
  });
});
