import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openPreviewCache } from "../../src/deploy/preview/cache.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-cache-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Asks once and tells whether it was computed. */
function asked(
  version: string,
  kind: string,
  inputs: unknown,
): { readonly value: string; readonly computed: boolean } {
  const cache = openPreviewCache(folder, version);
  let computed = false;
  const value = cache.memo(kind, inputs, () => {
    computed = true;
    return "made";
  });
  cache.close();
  return { value, computed };
}

function entries(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("kept results", () => {
  it("serve the next run with the same inputs, kind and version, and no other", () => {
    expect(asked("1", "render", { a: 1 }).computed).toBe(true);
    expect(asked("1", "render", { a: 1 })).toEqual({ value: "made", computed: false });
    expect(asked("1", "render", { a: 2 }).computed).toBe(true);
    expect(asked("1", "change", { a: 1 }).computed).toBe(true);
    expect(asked("2", "render", { a: 1 }).computed).toBe(true);
  });

  it("are computed anew where the file is cut short, or is another entry's", () => {
    asked("1", "render", { a: 1 });
    const [file] = entries();
    const text = readFileSync(file ?? "", "utf8");
    writeFileSync(file ?? "", text.slice(0, text.length / 2));
    expect(asked("1", "render", { a: 1 })).toEqual({ value: "made", computed: true });
    writeFileSync(file ?? "", JSON.stringify({ key: "another", value: "wrong" }));
    expect(asked("1", "render", { a: 1 })).toEqual({ value: "made", computed: true });
  });

  it("leave no half-written file behind, and a folder that cannot be written does no harm", () => {
    asked("1", "render", { a: 1 });
    expect(entries().filter((path) => path.endsWith(".tmp"))).toEqual([]);
    writeFileSync(join(folder, "file"), "");
    const cache = openPreviewCache(join(folder, "file"), "1");
    expect(cache.memo("render", {}, () => 7)).toBe(7);
    expect(() => cache.close()).not.toThrow();
  });
});
