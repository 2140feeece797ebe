import { loadDevice, type ModelDevice } from "../devices.ts";
import { type FormDevice, loadForm } from "../form-devices.ts";
import type { Shelf } from "../model/device.ts";
import { FrrDevice } from "../model/frr.ts";
import { faultsOf, judge } from "../model/oracle.ts";
import { judgeRouter, routerFaults } from "../model/router-oracle.ts";
import type { Played, World } from "./search.ts";

/** Two states of a device that indents its blocks, judged by the oracle of the models. */
export function worldOf(platform: string, running: string, intended: string): World {
  const before = judge(platform, loadDevice(platform, running).root);
  const after = judge(platform, loadDevice(platform, intended).root);
  const play = (device: ModelDevice, wrong: readonly string[]): Played => {
    const broken = [...wrong];
    return {
      type: (line) => {
        const user = platform === "comware" ? userOfVlan(device.root, line) : undefined;
        device.type(line);
        if (user !== undefined) broken.push(user);
      },
      show: () => device.show(),
      key: () => `${device.show()}\n${numbersOf(device.root)}`,
      faults: () => [...broken, ...faultsOf(before, after, judge(platform, device.root))],
      copy: () => play(device.copy(), broken),
    };
  };
  return {
    running: () => play(loadDevice(platform, running), []),
    intended: () => play(loadDevice(platform, intended), []),
    // Huawei's VLANs come several at once and with their blocks; H3C takes the port's line with its VLAN.
    part: ([top = "", line = ""]) => {
      if (top.startsWith("vlans ")) return undefined;
      // A line of the top may take the place of another.
      if (line === "" && !top.startsWith("vlan ")) return "top";
      return (platform === "vrp" && top.startsWith("vlan ")) || line.startsWith(" port access vlan ")
        ? ""
        : top;
    },
  };
}

/** Two states of an FRR router.
 *  @param judged - whether lists that nothing names are to be safe too */
export function routerWorldOf(running: string, intended: string, judged: "named" | "all"): World {
  const ends = [running, intended].map((text) => FrrDevice.load(text).root) as [Shelf, Shelf];
  const [before, after] = [judgeRouter(ends[0]), judgeRouter(ends[1])];
  // What stands in a clause changes its place with the action of the clause, by one command.
  const turned = new Set(
    [...ends[0]].flatMap(([name, { line }]) => {
      const next = ends[1].get(name)?.line ?? line;
      return next === line ? [] : [line, next];
    }),
  );
  const play = (device: FrrDevice): Played => ({
    type: (line) => device.type(line),
    show: () => device.show(),
    key: () => `${device.show()}\n${numbersOf(device.root)}`,
    faults: () => routerFaults(before, after, judgeRouter(device.root), judged),
    copy: () => play(device.copy()),
  });
  return {
    running: () => play(FrrDevice.load(running)),
    intended: () => play(FrrDevice.load(intended)),
    // A map goes with all its clauses.
    part: ([top = ""]) =>
      turned.has(top) ? undefined : (/^(?:ip route|route-map \S+)(?= )/.exec(top)?.[0] ?? top),
    overwrites: true,
  };
}

/** Two states of a device that does not indent. What it refuses is unsafe; a Junos commit is one moment. */
export function formWorldOf(platform: string, running: string, intended: string): World {
  const play = (device: FormDevice): Played => ({
    type: (line) => device.type(line),
    show: () => device.show(),
    key: () => device.show(),
    faults: () => [],
    copy: () => play(device.copy()),
  });
  const parts: Readonly<Record<string, (line: string) => string | undefined>> = {
    // The line of an entry comes with its first field.
    fortios: (line) =>
      / edit \S+$/.test(line)
        ? undefined
        : (/^.* \/ edit \S+|^config [^=]+(?= \S+=)/.exec(line)?.[0] ?? line),
    junos: () => "all",
    routeros: (line) => /^[^+=:]+(?= )/.exec(line)?.[0] ?? line,
  };
  // A commit is one moment: what is deleted may go first, what is set comes as intended writes it, moves are last.
  const place = (line: string) => {
    const verb = ["delete", "set", "insert"].findIndex((word) => line.startsWith(word));
    const at = `${intended}${running}`.split("\n").indexOf(line);
    return verb * 10_000 + (verb === 1 ? at : 0);
  };
  return {
    running: () => play(loadForm(platform, running)),
    intended: () => play(loadForm(platform, intended)),
    part: ([line = ""]) => parts[platform]?.(line),
    ...(platform === "junos" ? { follows: (one: string, next: string) => place(next) >= place(one) } : {}),
  };
}

/** H3C removes a VLAN that a port uses, and the port falls back to VLAN 1: uses are removed before definitions.
 *  (H3C S5130 Layer 2 command reference, `vlan`: "undo vlan" of the PVID of an access port.) */
function userOfVlan(root: Shelf, line: string): string | undefined {
  const vlan = /^undo vlan (\d+)$/.exec(line)?.[1];
  if (vlan === undefined) return undefined;
  for (const [name, held] of root)
    if (held.below?.get("access")?.line === `port access vlan ${vlan}`) return `${name} uses VLAN ${vlan}`;
  return undefined;
}

/** The numbers of the entries of every list: they decide what fits between. */
function numbersOf(root: Shelf): string {
  return [...root]
    .flatMap(([name, held]) =>
      held.entries ? [`${name}: ${[...held.entries.keys()].sort((a, b) => a - b)}`] : [],
    )
    .sort()
    .join("\n");
}
