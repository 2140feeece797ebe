import { expect, test } from "vitest";
import { settleLine, settleText } from "../../../src/drivers/transport/screen.ts";

test.each([
  [
    "a Cisco pager erased by backspaces",
    " --More-- \b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b shutdown",
    " shutdown",
  ],
  ["a Cisco pager erased by a return", " --More-- \r          \r shutdown", " shutdown"],
  [
    "a Huawei pager erased by cursor movement",
    "  ---- More ----\u001b[16D                \u001b[16D shutdown",
    " shutdown",
  ],
  ["colours", "\u001b[32mSW1\u001b[0m#", "SW1#"],
  ["a bell and NUL", "\u0000<SW1>\u0007", "<SW1>"],
  ["a window title", "\u001b]0;SW1\u0007SW1#", "SW1#"],
  ["erase to the end of the line", "abcdef\b\b\b\u001b[K", "abc"],
  ["plain text", "interface Vlan10", "interface Vlan10"],
])("%s leaves only what a terminal would show", (_title, line, shown) => {
  expect(settleLine(line).trimEnd()).toBe(shown);
});

test("CR LF and CR CR LF both end a line, and blanks at line ends go", () => {
  expect(settleText("one \r\ntwo\r\r\nthree")).toBe("one\ntwo\nthree");
});

test("a megabyte of controls is settled in linear time", () => {
  const started = performance.now();
  settleText("\u001b[2D\b".repeat(250_000));
  expect(performance.now() - started).toBeLessThan(2000);
});
