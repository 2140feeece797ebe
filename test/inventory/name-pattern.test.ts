import fc from "fast-check";
import { expect, test } from "vitest";
import { fitsPattern } from "../../src/model/name-pattern.ts";

test.each([
  ["guest", "guest", true],
  ["guest", "guests", false],
  ["guest", "*", true],
  ["guest-2f", "guest*", true],
  ["guest-2f", "*-2f", true],
  ["guest-2f", "g*t*f", true],
  ["guest", "gue*est", false],
  ["a.b", "a?b", false],
  ["axb", "a.b", false],
])("%s is what %s means: %s", (name, pattern, expected) => {
  expect(fitsPattern(name, pattern)).toBe(expected);
});

const letters = fc.array(fc.constantFrom("a", "b", "*"), { maxLength: 8 }).map((list) => list.join(""));

test("a pattern means what the same regular expression means", () => {
  fc.assert(
    fc.property(letters, letters, (text, pattern) => {
      const name = text.replaceAll("*", "");
      expect(fitsPattern(name, pattern)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(name));
    }),
  );
});

test("many stars against a long name end at once", () => {
  expect(fitsPattern("a".repeat(5000), `${"a*".repeat(2000)}b`)).toBe(false);
});
