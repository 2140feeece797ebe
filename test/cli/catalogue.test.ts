import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/catalogue.ts";
import { GLOBAL_FLAGS } from "../../src/cli/global-flags.ts";
import { languageOf, nameOf } from "../../src/cli/help-words.ts";
import { LOADERS } from "../../src/cli/loaders.ts";
import { CHINESE, CHINESE_GLOBALS } from "../../src/cli/text/help-zh.ts";

const SCHEMAS = fileURLToPath(new URL("../../docs/schemas/", import.meta.url));
const CODE = fileURLToPath(new URL("../../src/cli/commands/", import.meta.url));

const INVENTORY = fileURLToPath(new URL("../../inventory/", import.meta.url));

const names = COMMANDS.map(({ name }) => name);

describe("the catalogue of commands", () => {
  test("each command has its code, and no code is without a command", () => {
    expect(Object.keys(LOADERS).sort()).toEqual([...names].sort());
    const files = readdirSync(CODE).map((file) => file.replace(".ts", ""));
    expect(files.sort()).toEqual([...names].sort());
  });

  test.each(names)("%s has code that runs and a published schema of its answer", async (name) => {
    expect(typeof (await LOADERS[name]?.())?.run).toBe("function");
    expect(existsSync(`${SCHEMAS}${name}.json`)).toBe(true);
  });

  test("each word of the help has its Chinese one, and none is left over", () => {
    expect(Object.keys(CHINESE)).toEqual(names);
    for (const { name, options } of COMMANDS) {
      const known = Object.keys(CHINESE[name]?.options ?? {}).sort();
      expect(known, name).toEqual(options.map(([flags]) => nameOf(flags)).sort());
    }
    expect(Object.keys(CHINESE_GLOBALS)).toEqual(GLOBAL_FLAGS.map(([flags]) => nameOf(flags)));
  });

  test("the devices of the examples are ones of the sample inventory", () => {
    const named = COMMANDS.flatMap(({ examples }) => examples).flatMap(
      (example) => example.match(/\blanhai\/hq\/[\w-]+/g) ?? [],
    );
    expect(named).not.toEqual([]);
    for (const id of named) {
      const [client, site, device] = id.split("/");
      const file = `${INVENTORY}${client}/${site}/devices/${device}.yaml`;
      expect(existsSync(file), id).toBe(true);
    }
  });

  test("the language is that of --lang, else that of the machine", () => {
    expect(languageOf(["--help", "--lang", "zh"], {})).toBe("zh");
    expect(languageOf(["--lang=zh"], {})).toBe("zh");
    expect(languageOf(["plan"], { LANG: "zh_CN.UTF-8" })).toBe("zh");
    expect(languageOf(["plan", "--lang", "en"], { LANG: "zh_CN.UTF-8" })).toBe("en");
    expect(languageOf(["plan"], { LANG: "C" })).toBe("en");
  });

  test("examples name commands that exist, with options that exist", () => {
    for (const { examples } of COMMANDS) {
      for (const example of examples) {
        const words = example.replace(/.*sitewright /, "").split(" ");
        const command = COMMANDS.find(({ name }) => name === words[0]?.replace(/\W.*$/, ""));
        expect(command, example).toBeDefined();
        const flags = words.filter((word) => word.startsWith("--"));
        const known = [...GLOBAL_FLAGS, ...(command?.options ?? [])].flatMap(([flag]) => flag.split(/[ ,]+/));
        expect(known, example).toEqual(expect.arrayContaining(flags));
      }
    }
  });
});
