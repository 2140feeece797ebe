import type {
  ArmRequest,
  DeviceError,
  DeviceErrorKind,
  DeviceSession,
  FullDriver,
} from "../../src/drivers/driver.ts";
import { iosxe } from "../../src/drivers/iosxe/index.ts";
import { DEFAULT_TIMEOUTS, type DeviceTarget } from "../../src/drivers/transport/types.ts";
import { vrp } from "../../src/drivers/vrp/index.ts";
import { startEmulator } from "../../src/lab/emulator/emulator.ts";
import type { Emulator, EmulatorOptions } from "../../src/lab/emulator/types.ts";
import type { DeviceIntent } from "../../src/model/intent.ts";
import { Secret } from "../../src/model/secret.ts";
import type { Change } from "../../src/planner/config/types.ts";
import { richSwitch } from "./intent-fixture.ts";

/** A platform's part in the tests of the push contract. */
export interface Bench {
  readonly platform: "iosxe" | "vrp";
  readonly driver: FullDriver;
  /** A switch as a colleague left it: reachable in VLAN 99, little else. */
  readonly startup: string;
  readonly ports: readonly string[];
  /** A line that a rendered change holds in its middle, as the device reads it. */
  readonly middle: RegExp;
  /** A line with a secret in it. */
  readonly secretLine: RegExp;
  /** Commands that take the management address away. */
  readonly lockOut: readonly string[];
  /** What a person types on the console, and how it shows. */
  readonly handEdit: { readonly lines: readonly string[]; readonly shows: RegExp };
  readonly chatter: readonly string[];
  readonly managementPort: string;
  /** Privilege of a login that may only look. */
  readonly lookPrivilege: number;
}

const IOSXE_STARTUP = `hostname sw-1
!
archive
 path flash:cfg-
!
vlan 99
 name mgmt
!
interface GigabitEthernet1/0/24
 switchport access vlan 99
 switchport mode access
!
interface Vlan99
 ip address 10.1.99.11 255.255.255.0
!
line vty 0 4
 transport input ssh
line vty 5 15
 transport input ssh
!
end
`;

const VRP_STARTUP = `#
sysname sw-1
#
vlan batch 99
#
aaa
 local-user admin password irreversible-cipher Old@12345
 local-user admin privilege level 15
 local-user admin service-type terminal ssh
#
interface Vlanif99
 ip address 10.1.99.11 255.255.255.0
#
interface GigabitEthernet0/0/24
 port link-type access
 port default vlan 99
#
stelnet server enable
#
user-interface vty 0 4
 authentication-mode aaa
 protocol inbound ssh
#
return
`;

const SIX = [1, 2, 3, 4, 5, 6];

/** The two platforms that emulators stand in for. */
export const BENCHES: readonly Bench[] = [
  {
    platform: "iosxe",
    driver: iosxe,
    startup: IOSXE_STARTUP,
    ports: SIX.map((number) => `Gi1/0/${number}`),
    middle: /^spanning-tree mode|^vlan 20$/,
    secretLine: /^username ops/,
    lockOut: ["interface Vlan99", "shutdown", "exit"],
    handEdit: { lines: ["vlan 77", "name by-hand"], shows: /^vlan 77$/m },
    chatter: ["*Nov 22 20:00:00.123: %LINK-3-UPDOWN: Interface GigabitEthernet1/0/9, changed state to down"],
    managementPort: "GigabitEthernet1/0/24",
    lookPrivilege: 1,
  },
  {
    platform: "vrp",
    driver: vrp,
    startup: VRP_STARTUP,
    ports: SIX.map((number) => `GE0/0/${number}`),
    middle: /^stp mode|^vlan 20$/,
    secretLine: /^local-user ops password/,
    lockOut: ["interface Vlanif99", "shutdown", "quit"],
    handEdit: { lines: ["vlan 77", "description by-hand"], shows: /^vlan 77$/m },
    chatter: [
      "Nov 22 2026 20:00:00+08:00 sw-1 %%01IFNET/4/LINK_STATE(l)[5]:The line protocol has entered the DOWN state.",
    ],
    managementPort: "GigabitEthernet0/0/24",
    lookPrivilege: 1,
  },
];

/** Clear texts that the practice secrets have. */
export const CLEAR = "Canary-4711";

/** Reveals every reference as the same canary. */
export function reveal(): Promise<Secret> {
  return Promise.resolve(new Secret(CLEAR));
}

/** Starts a practice device, saved once as a device in service is. */
export async function startDevice(bench: Bench, change: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  const emulator = await startEmulator({
    platform: bench.platform,
    hostname: "sw-1",
    users: [{ name: "ops", password: "pw", privilege: 15 }],
    config: bench.startup,
    ...change,
  });
  const session = await bench.driver.connect(targetOf(emulator));
  await session.save();
  await session.close();
  return emulator;
}

/** Where a practice device is reached. */
export function targetOf(emulator: Emulator, change: Partial<DeviceTarget> = {}): DeviceTarget {
  return {
    device: "acme/hq/sw-1",
    endpoint: { kind: "tcp", host: emulator.host, port: emulator.port },
    login: { user: "ops", password: new Secret("pw") },
    hostKeys: [`${emulator.hostKey.type} ${emulator.hostKey.publicKey}`],
    jump: [],
    legacyAlgorithms: false,
    expectHostname: "sw-1",
    timeouts: { ...DEFAULT_TIMEOUTS, connectMs: 5000, commandMs: 4000 },
    ...change,
  };
}

/** The rich practice switch for a platform. */
export function intentOf(bench: Bench): DeviceIntent {
  return richSwitch(bench.platform, bench.ports);
}

/** A plan of the whole rich switch against what a session reads. */
export async function planFor(
  bench: Bench,
  session: DeviceSession,
  token: string,
  graceSeconds = 600,
): Promise<ArmRequest> {
  const { text } = await session.read();
  const rendered = bench.driver.render(intentOf(bench));
  const change = bench.driver.change(text, rendered.config, {
    scope: rendered.scope,
    management: "127.0.0.1",
  });
  return { token, graceSeconds, running: text, change };
}

/** A plan that types what a test gives, whatever an engine would think of it. */
export async function handPlan(
  session: DeviceSession,
  token: string,
  commands: readonly string[],
  graceSeconds = 60,
): Promise<ArmRequest> {
  const { text } = await session.read();
  const change: Change = {
    equal: false,
    commands,
    rollback: [],
    steps: [],
    items: [],
    findings: [],
    predicted: text,
    unmanaged: 0,
  };
  return { token, graceSeconds, running: text, change };
}

/** What differs between two texts of a platform, as commands. */
export function differenceOf(bench: Bench, from: string, to: string): readonly string[] {
  return bench.driver.change(from, to, { scope: { kind: "full" } }).commands;
}

/** The error that some work ends in. */
export async function errorOf(work: Promise<unknown>): Promise<DeviceError> {
  const error: unknown = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error) || error.name !== "DeviceError") throw error;
  return error as DeviceError;
}

/** Dials until the device answers; at most 10 s. */
export async function dialAgain(bench: Bench, emulator: Emulator): Promise<DeviceSession> {
  const waitable: ReadonlySet<DeviceErrorKind> = new Set(["unreachable", "closed", "timeout"]);
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      const quick = { ...DEFAULT_TIMEOUTS, connectMs: 1000, commandMs: 4000 };
      return await bench.driver.connect(targetOf(emulator, { timeouts: quick }));
    } catch (error) {
      const { kind } = error as DeviceError;
      if (!waitable.has(kind) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
