import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filterPlatforms } from "../../../src/drivers/filter-registry.ts";
import { read } from "./ask.ts";
import { Dice } from "./nft-generator.ts";

/** Configurations of every platform, taken from the tests beside this one. */
const TEXTS = ["cisco", "huawei", "junos", "fortios", "iptables", "nftables"].map((name) =>
  readFileSync(new URL(`${name}.test.ts`, import.meta.url), "utf8"),
);

/** Cuts, doubles and swaps pieces of a text. */
function spoil(text: string, dice: Dice): string {
  let spoilt = text.slice(dice.roll(200), text.length - dice.roll(400));
  for (let edit = 0; edit < 30; edit += 1) {
    const at = dice.roll(spoilt.length);
    const piece = spoilt.slice(dice.roll(spoilt.length)).slice(0, dice.roll(30));
    spoilt = spoilt.slice(0, at) + (dice.roll(2) === 0 ? piece : "") + spoilt.slice(at + dice.roll(12));
  }
  return spoilt;
}

test.each([...filterPlatforms()])("%s: no text makes the reader fail, spoilt ones included", (platform) => {
  for (let seed = 1; seed <= 40; seed += 1) {
    const dice = new Dice(seed);
    const text = spoil(dice.one(TEXTS), dice);
    for (const filter of read(platform, text))
      expect(filter.list.rules.every((rule) => rule.id !== "")).toBe(true);
  }
});

test.each([...filterPlatforms()])("%s: deep nesting and endless lines do not exhaust it", (platform) => {
  for (const text of [
    "{".repeat(50_000),
    "a { ".repeat(50_000),
    "config a\n".repeat(50_000),
    "(".repeat(50_000),
    `set firewall ${"[ a ".repeat(50_000)}`,
  ]) {
    expect(Array.isArray(read(platform, text))).toBe(true);
  }
});
