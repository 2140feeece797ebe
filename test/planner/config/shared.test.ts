import { describe, expect, test } from "vitest";
import { diffConfigs, FULL_CHANGE } from "../../../src/planner/config/change.ts";
import { parseConfig } from "../../../src/planner/config/parse.ts";
import { readStates, stateOf } from "../../../src/planner/config/read-state.ts";
import { maskSecrets } from "../../../src/planner/config/secrets.ts";
import type { Block } from "../../../src/planner/config/state.ts";
import { casesOf, DIALECTS } from "../../golden/cases.ts";

/** What a state says, with the line that each statement stands in. */
function plain(block: Block, shift = 0): unknown {
  const items = [...block.items.values()].map((statement) => ({
    slot: statement.slot,
    text: statement.text,
    source: statement.source,
    negated: statement.negated,
    line: statement.line + shift,
    set: statement.set,
    secret: statement.secret,
    block: statement.block && plain(statement.block, shift + (statement.shift ?? 0)),
  }));
  const entries = block.entries?.map((entry) => ({ ...entry, line: entry.line + shift }));
  return { context: block.context, items, entries };
}

const iosxe = DIALECTS.find(({ platform }) => platform === "iosxe");

function expectAlike(dialect: (typeof DIALECTS)[number], running: string, intended: string): void {
  const [before, after] = readStates(dialect, running, intended);
  expect(plain(after)).toEqual(plain(stateOf(dialect, parseConfig(dialect, intended))));
  expect(plain(before)).toEqual(plain(stateOf(dialect, parseConfig(dialect, running))));
}

describe("two configurations read together mean what each means by itself, line numbers included", () => {
  test.each(DIALECTS.map((dialect) => [dialect.platform, dialect] as const))("%s", (platform, dialect) => {
    for (const { running, intended } of casesOf(platform)) {
      expectAlike(dialect, running, intended);
      expectAlike(dialect, intended, running);
      expectAlike(dialect, `${running}\n${intended}`, `hostname first\n${intended}\n${running}\n${intended}`);
    }
  });

  const port = "interface GigabitEthernet1/0/1\n description desk\n switchport access vlan 10\n";
  const list = "ip access-list standard 10\n 10 permit 10.0.0.0 0.0.0.255\n";
  test.each([
    ["a block goes on in a second section", port, `!\n${port}interface GigabitEthernet1/0/1\n shutdown\n`],
    ["it goes on under a short name", port, `!\n${port}interface Gi1/0/1\n no description\n`],
    ["it goes on in running", `${port}interface GigabitEthernet1/0/1\n shutdown\n`, `!\n${port}`],
    ["it is taken away again in running", `${port}no interface GigabitEthernet1/0/1\n`, `!\n${port}`],
    [
      "an entry comes to a list by a line at the left edge",
      list,
      `!\n${list}access-list 10 permit 10.1.0.0\n`,
    ],
    ["a section is longer in intended", port, `!\n${port} shutdown\n`],
    ["a section is shorter in intended", `${port} shutdown\n`, `!\n${port}`],
    [
      "a line of noise stands between",
      port,
      port.replace("\n switch", "\nCurrent configuration : 9 bytes\n switch"),
    ],
    [
      "noise stands behind the section, and more of it behind the noise",
      port,
      `!\n${port}Current configuration : 9 bytes\n shutdown\n`,
    ],
    ["the device ends its lines with CR LF", port.replaceAll("\n", "\r\n"), `!\n${port}`],
    ["running ends without an end of line", port.trimEnd(), `!\n${port.trimEnd()}0\n`],
    ["intended ends without an end of line", port, `!\n${port.trimEnd()}`],
    ["a banner is never closed", `banner login ^C\n${port}`, `!\n${port}`],
    ["an element of a list of VLANs", "vlan 10-12\n name A\n", "!\nvlan 10-12\n name A\nvlan 11\n name B\n"],
  ])("%s", (_, running, intended) => {
    if (iosxe) expectAlike(iosxe, running, intended);
    expect(iosxe).toBeDefined();
  });
});

test("what says the same is one block in both states, however the lines end", () => {
  const port = "interface GigabitEthernet1/0/1\n description desk\n";
  const slot = "interface GigabitEthernet1/0/1";
  for (const running of [port, port.replaceAll("\n", "\r\n")]) {
    const [before, after] = iosxe ? readStates(iosxe, running, `!\n${port}`) : [];
    expect(before?.items.get(slot)?.block).toBeDefined();
    expect(after?.items.get(slot)?.block).toBe(before?.items.get(slot)?.block);
  }
});

test.each(DIALECTS.map((dialect) => [dialect.platform, dialect] as const))(
  "%s: free text is read as it is by the rules, blanks and secrets in it included",
  (_, dialect) => {
    const text = (line: string) => `interface GigabitEthernet1/0/1\n ${line}\n`;
    for (const line of ["description desk", "description two  blanks", "description password hunter2"]) {
      const [state] = readStates(dialect, text(line), "");
      const again = stateOf(dialect, parseConfig(dialect, text(line)));
      expect(plain(state)).toEqual(plain(again));
      if (dialect.layout !== "indent") continue;
      const [header] = [...state.items.values()];
      const [statement] = [...(header?.block?.items.values() ?? [])];
      expect(statement?.slot).toBe("description");
      expect(statement?.source).toBe(line);
      expect(statement?.text).toBe(maskSecrets(dialect, line).text);
    }
  },
);

test("a change that is kept as text has all its parts, each worked out once", () => {
  const port = "interface GigabitEthernet1/0/1\n description desk\n";
  const change = iosxe && diffConfigs(iosxe, port, port.replace("desk", "other"), FULL_CHANGE);
  expect(change?.rollback).toBe(change?.rollback);
  expect(change?.items).toBe(change?.items);
  expect(JSON.parse(JSON.stringify(change))).toEqual({
    equal: false,
    commands: ["interface GigabitEthernet1/0/1", "description other", "exit"],
    rollback: ["interface GigabitEthernet1/0/1", "description desk", "exit"],
    steps: change?.steps,
    items: change?.items.map((item) => ({ ...item })),
    findings: change?.findings,
    predicted: "interface GigabitEthernet1/0/1\n description other\n",
    unmanaged: 0,
  });
});

test("a reason names the line of intended, also in a block that running holds word for word", () => {
  const port = "interface GigabitEthernet1/0/1\n description desk\n switchport access vlan 10\n";
  const running = `${port}interface GigabitEthernet1/0/1\n description other\n`;
  const change = iosxe && diffConfigs(iosxe, running, `hostname a\n!\n!\n${port}`, FULL_CHANGE);
  const reasons = change?.steps.map(({ commands, reason }) => `${commands.at(-2)}: ${reason.split(";")[0]}`);
  expect(reasons?.find((reason) => reason.includes("description desk"))).toContain(
    "intended line 5 replaces running line 5",
  );
});
