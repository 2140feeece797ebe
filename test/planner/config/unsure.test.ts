import fc from "fast-check";
import { expect, test } from "vitest";
import { COMWARE_DIALECT } from "../../../src/drivers/comware/dialect.ts";
import { EOS_DIALECT } from "../../../src/drivers/eos/dialect.ts";
import { FRR_DIALECT } from "../../../src/drivers/frr/dialect.ts";
import { IOSXE_DIALECT } from "../../../src/drivers/iosxe/dialect.ts";
import { VRP_DIALECT } from "../../../src/drivers/vrp/dialect.ts";
import { diffConfigs } from "../../../src/engine.ts";
import "../../seed.ts";

const DIALECTS = [COMWARE_DIALECT, EOS_DIALECT, FRR_DIALECT, IOSXE_DIALECT, VRP_DIALECT];

/** A device on which a command may stand once only: another value takes its place, and `no` asks for no value. */
function once(negation: string, lines: readonly string[], commands: readonly string[]): string[] {
  const held = new Map(lines.map((line) => [line.split(" ")[0], line]));
  for (const command of commands) {
    const words = command.split(" ");
    if (words[0] === negation) held.delete(words[1]);
    else held.set(words[0], command);
  }
  return [...held.values()].sort();
}

/** A device on which lines of one command stand beside each other. */
function beside(negation: string, lines: readonly string[], commands: readonly string[]): string[] {
  const held = new Set(lines);
  for (const command of commands) {
    if (command.startsWith(`${negation} `)) held.delete(command.slice(negation.length + 1));
    else held.add(command);
  }
  return [...held].sort();
}

const single = fc.dictionary(
  fc.constantFrom("wibble", "frob", "quux", "zork"),
  fc.integer({ min: 1, max: 4 }),
);
const several = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom("wibble", "frob"), fc.integer({ min: 1, max: 4 }))
    .map(([word, n]) => `${word} level ${n}`),
);

test.each(DIALECTS)(
  "$platform: commands that no table knows end right, whether they hold one value or many",
  (dialect) => {
    const text = (lines: readonly string[]) => `${lines.join("\n")}\n`;
    const listed = (values: Readonly<Record<string, number>>) =>
      Object.entries(values).map(([word, n]) => `${word} level ${n}`);
    fc.assert(
      fc.property(single, single, (old, next) => {
        const [running, intended] = [listed(old), listed(next)];
        const { commands, rollback } = diffConfigs(dialect.platform, text(running), text(intended));
        expect(once(dialect.negation, running, commands)).toEqual([...intended].sort());
        expect(once(dialect.negation, intended, rollback)).toEqual([...running].sort());
      }),
    );
    fc.assert(
      fc.property(several, several, (running, intended) => {
        const { commands, rollback } = diffConfigs(dialect.platform, text(running), text(intended));
        expect(beside(dialect.negation, running, commands)).toEqual([...intended].sort());
        expect(beside(dialect.negation, intended, rollback)).toEqual([...running].sort());
      }),
    );
  },
);

test("the step says why the old line goes first", () => {
  const { steps } = diffConfigs("iosxe", "wibble level 1\n", "wibble level 2\n");
  expect(steps.map(({ reason }) => reason)).toEqual([
    "running line 1 is not in intended",
    "intended line 1 is missing in running; the old line goes first: the new one may stand in its place",
  ]);
});

test("addresses of a DHCP relay stand beside each other: the new one comes before the old one goes", () => {
  const port = (helper: string) => `interface Vlan5\n ip helper-address ${helper}\n`;
  const { commands } = diffConfigs("iosxe", port("10.0.0.5"), port("10.0.0.6"));
  expect(commands).toEqual([
    "interface Vlan5",
    "ip helper-address 10.0.0.6",
    "no ip helper-address 10.0.0.5",
    "exit",
  ]);
});

test("two lines of which the table thinks that one stands are named, with the one that is not compared", () => {
  const { findings } = diffConfigs(
    "iosxe",
    "interface Vlan5\n description a\n description b\n!\n",
    "interface Vlan5\n description b\n",
  );
  expect(findings.map(({ code, severity, message }) => ({ code, severity, message }))).toEqual([
    {
      code: "CFG-LINE-REPLACED",
      severity: "warning",
      message: "running line 3 takes the place of line 2, which is not compared: description a",
    },
  ]);
});

test("servers of a group, commands by level and time servers of one VRF stand beside each other", () => {
  const group = (...servers: string[]) =>
    `aaa new-model\naaa group server radius R\n${servers.map((name) => ` server name ${name}\n`).join("")}`;
  expect(diffConfigs("iosxe", group("A", "B"), group("B")).commands).toEqual([
    "aaa group server radius R",
    "no server name A",
    "exit",
  ]);
  const user = "username a privilege 15 role network-admin secret sha512 $6$x\n";
  expect(diffConfigs("eos", `${user}username a ssh-key ssh-rsa AAAA\n`, user).commands).toEqual([
    "no username a ssh-key",
  ]);
});

test("a section that both texts share and one goes on with is named in the text where a line is replaced", () => {
  const port = "interface Vlan5\n description a\n ip address 10.0.0.1 255.255.255.0\n!\n";
  const { findings } = diffConfigs("iosxe", port, `${port}interface Vlan5\n description b\n`);
  expect(findings.filter(({ code }) => code === "CFG-LINE-REPLACED").map(({ message }) => message)).toEqual([
    "intended line 6 takes the place of line 2, which is not compared: description a",
  ]);
});
