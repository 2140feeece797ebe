import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { formatYaml } from "../../src/inventory/yaml/format.ts";

const MODELINE = "# yaml-language-server: $schema=../schema/site.json";

test("comments, order and anchors stay; blanks and lists are spelled alike", () => {
  const source = `name:   HQ   # as people call it
# before the networks
networks:
    office: &base
        vlan: 10
    lab:
        <<: *base
dns: [ 10.0.0.1,10.0.0.2 ]
# at the end
`;
  expect(formatYaml(source, MODELINE).text).toBe(`${MODELINE}
name: HQ # as people call it
# before the networks
networks:
  office: &base
    vlan: 10
  lab:
    <<: *base
dns: [10.0.0.1, 10.0.0.2]

# at the end
`);
});

test("a modeline that points elsewhere is replaced, and no second one is added", () => {
  const old = "# yaml-language-server: $schema=../old.json\nname: HQ\n";
  expect(formatYaml(old, MODELINE).text).toBe(`${MODELINE}\nname: HQ\n`);
});

test("a file that is no YAML is left alone, with the reason", () => {
  expect(formatYaml("name: [", MODELINE).refused).toMatch(/no YAML/);
});

test("formatting twice is formatting once, whatever the file holds", () => {
  const value = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
    tree: fc.oneof(
      { depthSize: "small" },
      tie("leaf"),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("tree"), { maxKeys: 4 }),
    ),
  })).tree;
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), value, { minKeys: 1, maxKeys: 4 }), (tree) => {
      const once = formatYaml(stringify(tree), MODELINE);
      if (once.text === undefined) return;
      expect(formatYaml(once.text, MODELINE).text).toBe(once.text);
    }),
    { numRuns: 200 },
  );
});
