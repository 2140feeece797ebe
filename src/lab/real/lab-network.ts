import { addressLine } from "./ip-lines.ts";
import { emptyNamespace, managementNamespace, namespaceOf, namespacePath } from "./lab-names.ts";
import type { LabDevice, LabSite } from "./types.ts";

/** How one device is reached: from which namespace, at which address, and over which cable, if it has its own. */
export interface ManagementPath {
  readonly device: string;
  /** Namespace from which the operator's connections start. */
  readonly namespace: string;
  readonly address: string;
  readonly cable?: ManagementCable;
}

interface ManagementCable {
  readonly nearInterface: string;
  readonly farInterface: string;
  readonly nearAddress: string;
  /** With prefix length. */
  readonly farAddress: string;
}

/** Shell lines for a namespace: who asks for a neighbour's address asks every 200 ms, not every second, and gives up after
 *  three seconds as before. A probe is over within a second: one that came between two questions would be told dropped. */
export const ASK_NEIGHBOURS_OFTEN = `for path in /proc/sys/net/ipv[46]/neigh/*; do
  echo 200 >"$path/retrans_time_ms"
  echo 15 >"$path/mcast_solicit"
done`;

const FIRST_MANAGEMENT_ADDRESS = (198 << 8) | 18;
const MANAGEMENT_PAIRS = 65_536;

/** Tells whether a device runs an sshd of its own; a host without users is a namespace and no more. */
export function hasInit(device: LabDevice): boolean {
  return device.kind !== "host" || (device.users ?? []).length > 0;
}

/** Plans the operator's way to each device that has an sshd. */
export function planManagement(site: LabSite, labId: string): ManagementPath[] {
  return site.devices.filter(hasInit).map((device, index) => managementPath(device, index, labId));
}

function managementPath(device: LabDevice, index: number, labId: string): ManagementPath {
  const wish = device.management;
  if (wish?.mode === "in-band")
    return { device: device.name, namespace: namespaceOf(labId, wish.via), address: bare(wish.address) };
  const cable: ManagementCable = {
    nearInterface: `m${index}`,
    farInterface: wish?.interface ?? "mgmt0",
    nearAddress: wish?.from ?? benchmarkAddress(index * 2),
    farAddress: wish?.address ?? `${benchmarkAddress(index * 2 + 1)}/31`,
  };
  return {
    device: device.name,
    namespace: managementNamespace(labId),
    address: bare(cable.farAddress),
    cable,
  };
}

/** Addresses of 198.18.0.0/15 (RFC 2544, benchmarks): no network outside a laboratory uses them. */
function benchmarkAddress(offset: number): string {
  if (offset >= MANAGEMENT_PAIRS * 2) throw new Error(`a lab has room for ${MANAGEMENT_PAIRS} devices`);
  const second = (FIRST_MANAGEMENT_ADDRESS & 0xff) + (offset >> 16);
  return `198.${second}.${(offset >> 8) & 0xff}.${offset & 0xff}`;
}

/** Lines for one `ip -batch` on the machine: all namespaces, all cables. No end of a cable is ever in the machine's
 *  own namespace, not even for a moment. */
export function namespaceLines(site: LabSite, labId: string, paths: readonly ManagementPath[]): string[] {
  const management = managementNamespace(labId);
  const unplugged = unpluggedInterfaces(site);
  const nowhere = emptyNamespace(labId);
  return [
    `netns add ${management}`,
    ...(unplugged.length > 0 ? [`netns add ${nowhere}`] : []),
    ...site.devices.map((device) => `netns add ${namespaceOf(labId, device.name)}`),
    ...site.links.map(([a, b]) =>
      veth(a.interface, namespaceOf(labId, a.device), b.interface, namespaceOf(labId, b.device)),
    ),
    ...paths.flatMap(({ device, cable }) =>
      cable ? [veth(cable.nearInterface, management, cable.farInterface, namespaceOf(labId, device))] : [],
    ),
    ...unplugged.map(({ device, name }, index) =>
      veth(`v${index}`, nowhere, name, namespaceOf(labId, device)),
    ),
  ];
}

/** Interfaces without a cable. They end in a namespace where nobody lives, so that they are there and have no
 *  carrier, as an empty socket on a switch. */
function unpluggedInterfaces(site: LabSite): { device: string; name: string }[] {
  const plugged = new Set(site.links.flat().map((end) => `${end.device}:${end.interface}`));
  return site.devices.flatMap((device) =>
    device.interfaces
      .filter(({ name }) => !plugged.has(`${device.name}:${name}`))
      .map(({ name }) => ({ device: device.name, name })),
  );
}

/** Lines for `ip -batch` inside the management namespace. Each cable is a route to one address, so that several
 *  devices may share a subnet and none reaches another through here. */
export function managementLines(paths: readonly ManagementPath[]): string[] {
  return [
    "link set lo up",
    ...paths.flatMap(({ address, cable }) => {
      if (cable === undefined) return [];
      const { nearInterface, nearAddress } = cable;
      const length = nearAddress.includes(":") ? 128 : 32;
      return [
        `link set dev ${nearInterface} up`,
        addressLine(`${nearAddress}/${length}`, nearInterface),
        `route replace ${address}/${length} dev ${nearInterface} src ${nearAddress}`,
      ];
    }),
  ];
}

/** Lines for `ip -batch` inside the device: its end of the management cable. */
export function cableLines({ cable }: ManagementPath): string[] {
  if (cable === undefined) return [];
  const { farInterface, farAddress, nearAddress } = cable;
  const length = nearAddress.includes(":") ? 128 : 32;
  return [
    `link set dev ${farInterface} up`,
    addressLine(farAddress, farInterface),
    `route replace ${nearAddress}/${length} dev ${farInterface} src ${bare(farAddress)}`,
  ];
}

/** Command that runs another one inside a named namespace. */
export function inNamespace(namespace: string, ...command: string[]): string[] {
  return ["nsenter", `--net=${namespacePath(namespace)}`, "--", ...command];
}

function veth(nameA: string, namespaceA: string, nameB: string, namespaceB: string): string {
  return `link add name ${nameA} netns ${namespaceA} type veth peer name ${nameB} netns ${namespaceB}`;
}

function bare(address: string): string {
  return address.split("/")[0] ?? address;
}
