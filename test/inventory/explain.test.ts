import { expect, test } from "vitest";
import type { Explanation } from "../../src/inventory/resolve/explain.ts";
import { explainValue } from "../../src/inventory/resolve/explain.ts";
import { SITE, SW1, SW2, workspaceWith } from "./spoil.ts";

const ask = (path: string, changes = {}): Explanation => {
  const answer = explainValue(workspaceWith(changes), "acme/hq", path);
  if (!("layers" in answer)) throw new Error(`${answer.message}: ${answer.hint}`);
  return answer;
};
const told = (answer: Explanation): string[] =>
  answer.layers.map((layer) => `${layer.layer} ${layer.effect} ${layer.where.file}:${layer.where.line}`);

test("a value of a site names the file and line that set it", () => {
  const answer = ask("networks.office.vlan");
  expect(answer.value).toBe(10);
  expect(told(answer)).toEqual([`site sets ${SITE}:6`]);
});

test("each layer that set a value is named, the overridden ones too", () => {
  const changes = { "inventory/acme/client.yaml": (text: string) => `${text}timezone: Europe/Paris\n` };
  const answer = ask("timezone", changes);
  expect(answer.value).toBe("Asia/Shanghai");
  expect(answer.layers.map((layer) => [layer.layer, layer.effect, layer.value])).toEqual([
    ["client", "overridden", "Europe/Paris"],
    ["site", "sets", "Asia/Shanghai"],
  ]);
});

test("a role's value of a device is explained by the role", () => {
  expect(told(ask("sw-1.spanningTree.priority"))).toEqual([
    "provider role access sets inventory/provider.yaml:16",
  ]);
});

test("a port's value is explained by its profile and by the range it is in", () => {
  expect(told(ask("sw-2:GE0/0/3.edge"))).toEqual(["provider profile user sets inventory/provider.yaml:8"]);
  expect(told(ask("sw-2:GE0/0/3.network"))).toEqual([`device sets ${SW2}:10`]);
  expect(ask("sw-2:GigabitEthernet0/0/3.network").value).toBe("office");
});

test("a value that is taken away says by whom", () => {
  const answer = ask("sw-1.spanningTree.priority", {
    [SW1]: (text: string) => `${text}spanningTree:\n  priority: null\n`,
  });
  expect(answer.value).toBeUndefined();
  expect(answer.layers.map((layer) => layer.effect)).toEqual(["overridden", "removes"]);
});

test("what no file says is shown as derived, with the link it comes from", () => {
  const answer = ask("sw-2:GE0/0/8.tagged");
  expect(answer.layers).toEqual([]);
  expect(answer.derived).toMatchObject({ value: [10, 90, 99], where: { file: SW1 } });
});

test.each([
  ["netwrks.office", "did you mean networks?"],
  ["sw-1:GE0/0/99.network", "did you mean GE0/0/1?"],
])("%s says what was probably meant", (path, hint) => {
  expect(explainValue(workspaceWith(), "acme/hq", path)).toMatchObject({ hint });
});
