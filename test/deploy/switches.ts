import type { DeployContext } from "../../src/deploy/types.ts";
import { openContext } from "../../src/deploy/workspace.ts";
import { startEmulator } from "../../src/lab/emulator/emulator.ts";
import type { Emulator } from "../../src/lab/emulator/types.ts";
import type { CheckIntent, DeviceIntent } from "../../src/model/intent.ts";
import { parseSecretRef, type SecretRef } from "../../src/model/secret.ts";
import { gateway, port, richSwitch, vlan } from "../drivers/intent-fixture.ts";
import { testDrivers } from "./test-drivers.ts";
import { bindLab, newWorkspace, putSecret } from "./workspace-fixture.ts";

/** What the practice operator types to log in, and what nobody may ever find anywhere. */
export const CANARY = "Kanarienvogel-7731-geheim";

/** The address beside the switches that answers their pings. */
export const NEIGHBOUR = "10.1.99.1";

const PORTS = {
  iosxe: [1, 2, 3, 4].map((number) => `GigabitEthernet1/0/${number}`),
  vrp: [1, 2, 3, 4].map((number) => `GigabitEthernet0/0/${number}`),
} as const;

/** A management address on VLAN 10, reached by the first port. */
const MANAGED = {
  iosxe: (address: string) => [
    ...["vlan 10", "exit", "interface GigabitEthernet1/0/1"],
    ...["switchport mode access", "switchport access vlan 10", "no shutdown", "exit"],
    ...["interface Vlan10", `ip address ${address} 255.255.255.0`, "no shutdown"],
  ],
  vrp: (address: string) => [
    ...["vlan 10", "quit", "interface GigabitEthernet0/0/1"],
    ...["port link-type access", "port default vlan 10", "quit"],
    ...["interface Vlanif10", `ip address ${address} 255.255.255.0`],
  ],
} as const;

/** What a technician leaves behind: the factory's configuration with a name and perhaps an address, saved. */
async function firstConfig(
  platform: "iosxe" | "vrp",
  hostname: string,
  address: string | undefined,
): Promise<string> {
  const emulator = await startEmulator({ platform, hostname, users: [] });
  if (address !== undefined) emulator.handEdit(MANAGED[platform](address));
  const config = emulator.running();
  await emulator.stop();
  return config;
}

/** A reference as the YAML writes it. */
export function ref(text: string): SecretRef {
  const parsed = parseSecretRef(text);
  if (!parsed) throw new Error(`no reference: ${text}`);
  return parsed;
}

/** The nth access switch of the practice site: three VLANs, four ports. */
export function accessSwitch(
  platform: "iosxe" | "vrp",
  number: number,
  change: {
    readonly vlans?: readonly number[];
    readonly description?: string;
    readonly accessVlan?: number;
  } = {},
): DeviceIntent {
  const name = `sw-${number}`;
  const [p1 = "", p2 = ""] = PORTS[platform];
  const rich = richSwitch(platform, PORTS[platform]);
  const password = ref("file:ops.password@1");
  return {
    ...rich,
    id: `acme/hq/${name}`,
    name,
    asset: `AC-SW-${number}`,
    role: "access",
    management: { ...rich.management, address: addressOf(number), password },
    system: {
      hostname: name,
      timezone: "Etc/UTC",
      dns: [],
      ntp: ["10.1.99.2"],
      syslog: [],
      users: [{ name: "ops", role: "admin", password, keys: [], origin: rich.origin }],
      idleTimeoutMinutes: 15,
    },
    vlans: (change.vlans ?? [10, 20, 99, 998, 999]).map((id) => vlan(id, `net-${id}`)),
    ports: [
      port(p1, 20, { description: change.description ?? "user 1", accessVlan: change.accessVlan ?? 10 }),
      port(p2, 21, { description: "user 2", accessVlan: 20 }),
    ],
    lags: [],
    gateways: [],
    routes: [],
    dhcpPools: [],
    filters: [],
    layer2: { spanningTree: { mode: "rstp" }, dhcpSnooping: [], arpInspection: [] },
    secrets: [password],
  };
}

/** The first switch, managed on VLAN 10 by an address that it holds. */
export function managedSwitch(
  platform: "iosxe" | "vrp",
  address: string,
  checks: readonly CheckIntent[] = [],
): DeviceIntent {
  const bare = accessSwitch(platform, 1);
  return {
    ...bare,
    management: { ...bare.management, address, vlan: 10 },
    gateways: [gateway(10, `${address}/24`, { management: true })],
    checks,
  };
}

/** Emulated switches, each bound to the address of its number. */
export interface SwitchLab {
  readonly root: string;
  readonly emulators: ReadonlyMap<number, Emulator>;
  context(): DeployContext;
  stop(): Promise<void>;
}

/** Starts switches in this process, reached over real SSH.
 *  @param people - who may log in besides the operator, by the same password
 *  @param moveTo - the switches hold their address on VLAN 10, answer nowhere else, and may move to this one
 *  @param neighbours - who answers their pings besides the usual one */
export async function startSwitches(
  platform: "iosxe" | "vrp",
  numbers: readonly number[],
  minuteMs = 60_000,
  people: readonly string[] = [],
  moveTo?: string,
  neighbours: readonly string[] = [],
): Promise<SwitchLab> {
  const root = newWorkspace();
  putSecret(root, "ops.password", CANARY);
  const users = ["ops", ...people].map((name) => ({ name, password: CANARY, privilege: 15 }));
  const started = await Promise.all(
    numbers.map(async (number) => {
      const hostname = `sw-${number}`;
      return [
        number,
        await startEmulator({
          platform,
          hostname,
          users,
          minuteMs,
          neighbours: [NEIGHBOUR, ...neighbours],
          config: await firstConfig(platform, hostname, moveTo && addressOf(number)),
          ...(moveTo === undefined
            ? {}
            : { management: { address: addressOf(number), elsewhere: { [moveTo]: 0 } } }),
        }),
      ] as const;
    }),
  );
  const bound = started.flatMap(([number, emulator]) => {
    const { type, publicKey } = emulator.hostKey;
    return Object.entries({ [addressOf(number)]: emulator.port, ...emulator.ports }).map(
      ([address, port]) => {
        const endpoint = { kind: "tcp", host: "127.0.0.1", port } as const;
        return [address, { endpoint, hostKeys: [`${type} ${publicKey}`] }] as const;
      },
    );
  });
  await bindLab(root, "acme/hq", Object.fromEntries(bound));
  return {
    root,
    emulators: new Map(started),
    context: () =>
      openContext({
        root,
        drivers: testDrivers,
        isLab: () => true,
        timeouts: { connectMs: 5000, commandMs: 20_000, keepaliveMs: 5000 },
      }),
    async stop() {
      await Promise.all(started.map(([, emulator]) => emulator.stop()));
    },
  };
}

function addressOf(number: number): string {
  return `10.1.99.${number + 10}`;
}
