import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { driversDocs } from "../../scripts/generate/drivers-docs.ts";
import { CAPABILITIES } from "../../src/drivers/driver.ts";
import { driverFor, isFullDriver, platforms } from "../../src/drivers/registry.ts";

const DRIVERS = new URL("../../src/drivers/", import.meta.url);
const TEMPLATES = new URL("../../templates/", import.meta.url);

/** Folders of src/drivers that hold what drivers share, and no driver. */
const SHARED = new Set(["transport", "render", "linux-common"]);

const folders = readdirSync(DRIVERS).filter(
  (name) => statSync(new URL(name, DRIVERS)).isDirectory() && !SHARED.has(name),
);

test("every folder is registered, and every registered platform has its folder", () => {
  expect([...platforms()]).toEqual([...folders].sort());
});

test("a platform that nobody knows has no driver", () => {
  expect(driverFor("nxos")).toBeUndefined();
  expect(driverFor("__proto__")).toBeUndefined();
});

test("docs/drivers.md says what the drivers say (npm run generate writes it)", () => {
  const { path, content } = driversDocs();
  expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(content);
});

test("every folder of templates belongs to a driver that renders", () => {
  for (const name of readdirSync(TEMPLATES).filter((folder) => !SHARED.has(folder))) {
    const driver = driverFor(name);
    expect(driver && isFullDriver(driver), name).toBe(true);
  }
});

describe.each(folders)("%s", (folder) => {
  const driver = driverFor(folder);
  const files = readdirSync(new URL(`${folder}/`, DRIVERS));

  test("calls itself what its folder is called", () => {
    expect(driver?.platform).toBe(folder);
  });

  test("has the files that every driver of its level has", () => {
    expect(files).toContain("index.ts");
    expect(files.includes("dialect.ts") || files.includes("parse.ts")).toBe(true);
    if (driver?.level === "full")
      expect(files).toEqual(expect.arrayContaining(["claims.ts", "render.ts", "session.ts"]));
    else for (const file of ["render.ts", "session.ts"]) expect(files).not.toContain(file);
  });

  test("has a manifest without code", () => {
    const source = readFileSync(new URL(`${folder}/index.ts`, DRIVERS), "utf8");
    expect(source).not.toMatch(/=>|\bfunction\b|\bif\b|\bfor\b|\breturn\b/);
    expect(source.match(/^export /gm)).toHaveLength(1);
  });

  test("names only capabilities that exist, each once", () => {
    const named = driver?.capabilities ?? [];
    // A driver that renders says what; one that only compares has nothing to promise.
    expect(named.length > 0).toBe(driver?.level === "full");
    expect(named.filter((capability) => !CAPABILITIES.includes(capability))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });

  test("parses nothing into nothing and finds nothing to do between two nothings", () => {
    expect(driver?.change("", "", { scope: { kind: "full" } }).commands).toEqual([]);
    expect(driver?.compare("", "", { kind: "full" })).toEqual([]);
    expect(driver?.parse("").nodes).toEqual([]);
  });

  test("says how it undoes what nobody confirms, where it talks to devices", () => {
    if (!driver || !isFullDriver(driver)) return;
    expect(driver.safetyNet.maxSeconds).toBeGreaterThanOrEqual(600);
  });

  test("has templates without decisions, where it has any", () => {
    const folderOfTemplates = new URL(`${folder}/`, TEMPLATES);
    if (!existsSync(folderOfTemplates)) return;
    for (const file of readdirSync(folderOfTemplates)) {
      const source = readFileSync(new URL(file, folderOfTemplates), "utf8");
      expect(source, file).not.toMatch(/\{\{[#^~]*\s*(?:if|unless|else|with|lookup)\b/);
    }
  });
});
