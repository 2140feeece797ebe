import { expect, test } from "vitest";
import { eachWithOrigin, fillTemplate } from "../../src/drivers/template.ts";
import { compileTemplates } from "../../src/drivers/template-library.ts";

function fill(source: string, view: Record<string, unknown>): string | undefined {
  return compileTemplates(new Map([["it", source]]), eachWithOrigin).get("it")?.(view);
}

test.each([
  ["a name that the view lacks", "hostname {{nmae}}\n", { name: "x" }],
  ["a list that the view lacks", "{{#each vlanz}}\nvlan {{id}}\n{{/each}}\n", { vlans: [] }],
  ["a field that an item lacks", "{{#each vlans}}\nvlan {{idd}}\n{{/each}}\n", { vlans: [{ id: 1 }] }],
])("%s is an error, never an empty line", (_title, source, view) => {
  expect(() => fill(source, view)).toThrow();
});

test.each(["{{#if a}}x{{/if}}", "{{#unless a}}x{{/unless}}", "{{#with a}}x{{/with}}", "{{lookup a b}}"])(
  "templates take no decision: %s is refused",
  (source) => {
    expect(() => fill(source, { a: true, b: "c" })).toThrow();
  },
);

test("a text with a line break cannot become a command of its own", () => {
  expect(() => fillTemplate("iosxe", "config", { hostname: "x\nno aaa new-model" })).toThrow(
    /control character/,
  );
});
