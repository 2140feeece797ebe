import { expect, test } from "vitest";
import type { Site } from "../../../src/model/site.ts";
import { runChecks } from "../../../src/planner/checks/run-checks.ts";
import { addException, nowhere, ruleOf } from "./rows/rules-of.ts";
import { cleanWorld, inputOf, type World } from "./world.ts";

const place = { file: "inventory/acme/hq/site.yaml", line: 1, column: 1 };

function told(spoil: (world: World) => void, sisters: readonly Site[] = []): string[] {
  const world = cleanWorld();
  spoil(world);
  const { sites, input } = inputOf(world);
  return runChecks([...sites, ...sisters], input)
    .findings.filter(({ code }) => code === "RUL-017")
    .map(({ message }) => message);
}

test.each<[string, (world: World) => void]>([
  [
    "a route leads to",
    (w) =>
      w.site.routes.push({
        name: "partner",
        device: "fw",
        prefix: "10.77.0.0/16",
        nextHop: "10.1.10.9",
        origin: place,
      }),
  ],
  ["a network holds", (w) => w.site.networks[0]?.secondary.push("10.77.0.0/24")],
])("a rule from an address that %s is in order", (_title, widen) => {
  const spoil = (w: World): void => {
    ruleOf(w).from = [nowhere];
    widen(w);
  };
  expect(told(spoil)).toEqual([]);
  expect(told((w) => Object.assign(ruleOf(w), { from: [nowhere] }))).toHaveLength(1);
});

test("a default route does not make a private address one that packets have", () => {
  const spoil = (w: World): void => {
    ruleOf(w).from = [nowhere];
    w.site.routes.push({
      name: "out",
      device: "fw",
      prefix: "0.0.0.0/0",
      nextHop: "203.0.113.1",
      origin: place,
    });
  };
  expect(told(spoil)).toHaveLength(1);
});

test("an exception for a zone's addresses at a sister site is in order, one for another zone's is not", () => {
  const sister = {
    ...structuredClone(cleanWorld().site),
    id: "acme/branch",
    site: "branch",
  } as unknown as Site;
  const moved: Site = {
    ...sister,
    networks: sister.networks
      .filter(({ name }) => name === "guest")
      .map(({ ipv6: _, ...network }) => ({ ...network, ipv4: "10.9.0.0/24" })),
    rules: [],
  };
  expect(told((w) => addException(w, { source: ["10.9.0.7/32"] }), [moved])).toEqual([]);
  expect(told((w) => addException(w, { source: ["10.1.20.7/32"] }), [moved])).toHaveLength(1);
});
