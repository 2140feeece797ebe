import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COMMENT_MARK, previewComment } from "../../src/report/comment.ts";
import { sampleDevice, sampleFinding, sampleFlow, samplePreview, sampleSite } from "./preview-samples.ts";

const LIMIT = 64_000;

describe("a comment says first what a reviewer must know", () => {
  it("one error makes the verdict an error, whatever else is fine", () => {
    const sites = [
      sampleSite("acme/hq"),
      sampleSite("acme/lab", { findings: [sampleFinding("R1 opens guest")] }),
    ];
    const comment = previewComment({ preview: samplePreview(sites) });
    expect(comment.split("\n")[0]).toBe(COMMENT_MARK);
    expect(comment.split("\n")[1]).toMatch(
      /^## Sitewright: ❌ 1 new error; 2 sites, 2 devices touched; 6 commands/,
    );
  });

  it("an accepted finding is no error", () => {
    const waiver = { owner: "o", reason: "r", expires: "2099-01-01" };
    const site = sampleSite("acme/hq", { findings: [{ ...sampleFinding("x"), waiver }] });
    expect(previewComment({ preview: samplePreview([site]) })).toContain("## Sitewright: ✅");
  });

  it("an opened flow, or a change to how devices are reached, wants a person", () => {
    const opened = sampleSite("acme/hq", { flows: { opened: [sampleFlow(445)], closed: [] } });
    const review = [
      { kind: "workflow", subject: ".github/workflows/x.yml", text: "changed: what CI runs" },
    ] as const;
    expect(previewComment({ preview: samplePreview([opened]) })).toContain("⚠️ to be reviewed");
    expect(previewComment({ preview: samplePreview([], { review }) })).toContain("⚠️ to be reviewed");
  });

  it("an opened flow stands with its packet and the YAML line that opens it", () => {
    const opened = sampleSite("acme/hq", { flows: { opened: [sampleFlow(445)], closed: [] } });
    expect(previewComment({ preview: samplePreview([opened]) })).toContain(
      "acme/hq: guest → server: `tcp 10.1.90.0/24 -> 10.1.20.5:445`, for example `tcp 10.1.90.10:49152 -> 10.1.20.5:445` — `inventory/acme/hq/rules.yaml:12`",
    );
  });

  it("devices with the same commands are told once", () => {
    const sites = Array.from({ length: 30 }, (_, number) => sampleSite(`acme/s-${number}`));
    const comment = previewComment({ preview: samplePreview(sites) });
    expect(comment.match(/<details>/g)).toHaveLength(1);
    expect(comment).toContain("the same on 30 devices");
    expect(comment).toContain("and 27 alike");
  });

  it("what changes below a table that is replaced whole stands as a difference", () => {
    const item = {
      path: ["table inet x", "chain a"],
      kind: "added",
      before: undefined,
      after: "chain a",
      managed: true,
    } as const;
    const device = { ...sampleDevice("acme/hq/fw", ["delete table inet x"]), items: [item] };
    const comment = previewComment({
      preview: samplePreview([sampleSite("acme/hq", { devices: [device] })]),
    });
    expect(comment).toContain("```diff\n@@ table inet x\n+ chain a\n```");
  });
});

describe("a comment fits, whatever the size of the change", () => {
  it("a thousand devices that all change differently, with flows and findings: under 64,000 characters and 2 s", () => {
    const sites = Array.from({ length: 1_000 }, (_, number) => {
      const id = `client-${number}/site-${number}`;
      const commands = Array.from(
        { length: 80 },
        (_, line) => `interface Gi1/0/${line} description ${id} ${line}`,
      );
      return sampleSite(id, {
        devices: [sampleDevice(`${id}/sw-1`, commands)],
        flows: { opened: [sampleFlow(number)], closed: [sampleFlow(number + 5_000)] },
        findings: [sampleFinding(`rule ${number} opens guest`, number + 1)],
        risk: { level: number === 999 ? "critical" : "low", reasons: [] },
        review: [{ kind: "address", subject: `${id}/sw-1`, text: `10.0.0.1 → 10.0.0.${number}` }],
        notEvaluated: [`reason ${number}`],
      });
    });
    const started = performance.now();
    const comment = previewComment({ preview: samplePreview(sites) });
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(comment.length).toBeLessThanOrEqual(LIMIT);
    expect(comment.length).toBeGreaterThan(30_000);
    // The worst site stands in the table although it is the last of a thousand.
    expect(comment).toContain("client-999/site-999");
    for (const what of ["flows", "findings", "changes to review", "groups of commands"])
      expect(comment).toMatch(new RegExp(`… and \\d+ more ${what}`));
    expect(comment).toContain("sitewright approve --plan change.json");
    expect(comment.match(/<details>/g)?.length).toBe(comment.match(/<\/details>/g)?.length);
  });

  it("one device with 100,000 commands, and commands of a megabyte", () => {
    const commands = [...Array.from({ length: 100_000 }, (_, line) => `line ${line}`), "x".repeat(1_000_000)];
    const site = sampleSite("acme/hq", { devices: [sampleDevice("acme/hq/sw-1", commands)] });
    const comment = previewComment({ preview: samplePreview([site]) });
    expect(comment.length).toBeLessThanOrEqual(LIMIT);
    expect(comment).toContain("line 0\n");
  });
});

describe("what a branch wrote is text, never markup", () => {
  const nasty = fc.array(
    fc.constantFrom(
      "<",
      ">",
      "`",
      "```",
      "@octocat",
      "#12",
      "](",
      "![",
      "|",
      "\n",
      "</details>",
      "<!--",
      "-->",
      "*",
      "_",
      "$(id)",
      "'",
      "\u202e",
      "\u0000",
      "http://",
      "\\",
      "~~~",
      "a",
      " ",
    ),
    { maxLength: 20 },
  );

  it("for any text in any place: no tag, mention, link, broken table or broken fold of its own", () => {
    fc.assert(
      fc.property(nasty, (parts) => {
        const text = parts.join("");
        const site = sampleSite(`acme/${text}`, {
          devices: [sampleDevice(`acme/hq/${text}`, [text, `! ${text}`])],
          findings: [
            { ...sampleFinding(text), hint: text, code: text, where: { file: text, line: 1, column: 1 } },
          ],
          flows: { opened: [{ from: text, to: text, flow: text, witness: text }], closed: [] },
          review: [{ kind: "login", subject: text, text }],
          notEvaluated: [text],
        });
        const comment = previewComment({ preview: samplePreview([site]) });
        const prose = withoutCode(comment);
        expect(prose.replace(/<\/?(details|summary)>|<!-- sitewright preview -->/g, "")).not.toMatch(/[<>]/);
        expect(prose.replace(/&#\d+;/g, "·")).not.toMatch(/@\w|\]\(|http:\/\/|#\d/);
        expect(comment).not.toMatch(/[\u202e\u0000]/);
        expect(prose.match(/<details>/g)?.length).toBe(prose.match(/<\/details>/g)?.length);
        const rows = comment.split("\n").filter((line) => line.startsWith("| acme"));
        expect(rows.map((row) => row.replaceAll("\\|", "").split("|").length)).toEqual([9]);
      }),
      { numRuns: 300 },
    );
  });
});

/** Takes code blocks and code spans out as CommonMark finds them: a fence ends only at one as long, a span likewise. */
function withoutCode(text: string): string {
  const prose: string[] = [];
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const mark = /^(`{3,})/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && /^`+$/.test(line) && line.length >= fence.length) fence = undefined;
    else if (fence === undefined) prose.push(withoutSpans(line));
  }
  expect(fence).toBeUndefined();
  return prose.join("\n");
}

function withoutSpans(line: string): string {
  const parts = line.split(/(`+)/);
  let prose = "";
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? "";
    const end = part.startsWith("`") ? parts.indexOf(part, at + 1) : -1;
    if (end > at) at = end;
    else prose += part;
  }
  return prose;
}
