import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BIN = join(ROOT, "bin/sitewright.js");

/** Shells that a laptop may lack; CI has them. */
function lacks(shell: string): boolean {
  return process.env.CI === undefined && spawnSync(shell, ["-c", "true"]).status !== 0;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sitewright-tab-"));
  writeFileSync(join(folder, "sitewright"), `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`, {
    mode: 0o755,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function inShell(shell: string, args: readonly string[], cwd = ROOT): string[] {
  const output = execFileSync(shell, [...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${dirname(process.execPath)}:${process.env.PATH}`, HOME: folder },
  });
  return output.split("\n").filter((line) => line !== "");
}

/** Presses the tab key in the real bash. */
function bash(line: string, cwd = ROOT): string[] {
  const words = line.split(" ");
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const script = `eval "$(sitewright completion bash)"; compopt() { :; }
COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _sitewright; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return inShell("bash", ["--norc", "-c", script], cwd);
}

describe("the tab key", () => {
  test.each([
    ["a command", "sitewright val", ["validate"]],
    ["what a command does", "sitewright lab ", ["down", "status", "up"]],
    ["a client", "sitewright plan lan", ["lanhai"]],
    ["a site", "sitewright plan lanhai/", ["lanhai/hq", "lanhai/suzhou"]],
    ["a device", "sitewright plan northgate/office/co", ["northgate/office/core-1"]],
    ["a server", "sitewright render lanhai/hq/srv-e", ["lanhai/hq/srv-erp"]],
    ["an option of the command", "sitewright drift --js", ["--json"]],
    ["the value of an option", "sitewright diff --platform ios", ["iosxe"]],
    ["a selector after a command's own word", "sitewright archive list harb", ["harbour-dental"]],
  ])("offers %s in bash", (_title, line, expected) => {
    expect(bash(line)).toEqual(expected);
  });

  test("offers nothing where only the person can know, so that the shell offers files", () => {
    expect(bash("sitewright diff --platform iosxe run")).toEqual([]);
  });

  test("offers commands outside of a workspace too, and no selectors", () => {
    expect(bash("sitewright pars", folder)).toEqual(["parse"]);
    expect(bash("sitewright plan ", folder)).toEqual([]);
  });

  test.skipIf(lacks("fish"))("the script of fish is asked by the real fish", () => {
    const found = inShell("fish", [
      "-c",
      "sitewright completion fish | source; complete -C 'sitewright plan lanhai/'",
    ]);
    expect(found).toEqual(["lanhai/hq", "lanhai/suzhou"]);
  });

  test.skipIf(lacks("zsh"))("the script of zsh is asked by the real zsh", () => {
    const script = `compdef() { :; }; compadd() { shift; print -l -- "$@"; }
eval "$(sitewright completion zsh)"; words=(sitewright plan lanhai/); CURRENT=3; _sitewright`;
    expect(inShell("zsh", ["-f", "-c", script])).toEqual(["lanhai/hq", "lanhai/suzhou"]);
  });

  test("another shell is told which there are", () => {
    expect(() => inShell("sh", ["-c", "sitewright completion tcsh 2>&1"])).toThrow(
      /known: bash, zsh, fish|Command failed/,
    );
  });
});
