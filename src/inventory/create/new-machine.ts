import { formatAddress, parseAddress, parsePrefix } from "../../model/address.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Network, Site } from "../../model/site.ts";
import { freeAddresses } from "../free-addresses.ts";
import { listNames } from "../shape/suggest.ts";
import { spellPlainYaml } from "../yaml/plain-yaml.ts";
import {
  checkName,
  type Draft,
  type Ground,
  mostCommon,
  setInYaml,
  siteOf,
  textOf,
  WishError,
  type YamlValue,
} from "./draft.ts";

/** What a person says of a new switch, firewall, router or server; everything else is chosen. */
export interface MachineWish {
  readonly name: string | undefined;
  readonly model: string | undefined;
  readonly role: string | undefined;
  /** The network that it is managed by, or that a server stands in. */
  readonly network: string | undefined;
  /** The switch that it hangs on. */
  readonly uplink: string | undefined;
}

/** A device file with the next asset id, a free management address, and its cable, if an uplink is named. */
export function newDevice(ground: Ground, siteId: string, wish: MachineWish): Draft {
  const site = siteOf(ground, siteId);
  const name = machineName(site, wish.name, "device");
  const peers = site.devices.filter((device) => device.kind !== "server");
  const model = modelOf(ground, wish.model ?? mostCommon(peers.map((device) => device.model)));
  const network = networkOf(
    site,
    wish.network ?? mostCommon(peers.map((device) => device.management.network)),
  );
  const place = freePlace(site, network);
  const asset = nextAsset(ground, site, "switch");
  const file = `inventory/${siteId}/devices/${name}.yaml`;
  const text = spellPlainYaml({
    asset,
    model,
    role: wish.role ?? mostCommon(peers.flatMap((device) => device.role ?? [])) ?? "access",
    management: { network: network.name, address: place.number },
  });
  const cable = wish.uplink === undefined ? undefined : cableTo(ground, site, wish.uplink, name, model);
  return {
    files: new Map([[file, text], ...(cable === undefined ? [] : [cable.file])]),
    chosen: [asset, model, place.address, ...(cable === undefined ? [] : [cable.words])],
  };
}

/** A server file with the next asset id and a free address. */
export function newServer(ground: Ground, siteId: string, wish: MachineWish): Draft {
  const site = siteOf(ground, siteId);
  const name = machineName(site, wish.name, "server");
  const peers = site.devices.filter((device) => device.kind === "server");
  const model = modelOf(ground, wish.model ?? mostCommon(peers.map((device) => device.model)));
  const network = networkOf(
    site,
    wish.network ?? mostCommon(peers.map((device) => device.management.network)),
  );
  const place = freePlace(site, network);
  const asset = nextAsset(ground, site, "server");
  const text = spellPlainYaml({
    asset,
    model,
    role: wish.role ?? mostCommon(peers.flatMap((device) => device.role ?? [])) ?? "server",
    interfaces: { eth0: { network: network.name, address: place.number } },
  });
  return {
    files: new Map([[`inventory/${siteId}/servers/${name}.yaml`, text]]),
    chosen: [asset, model, place.address],
  };
}

function machineName(site: Site, name: string | undefined, what: "device" | "server"): string {
  const taken = [...site.devices.map((device) => device.name), ...site.hosts.map((host) => host.name)];
  return checkName(name, taken, what);
}

function modelOf(ground: Ground, wanted: string | undefined): string {
  const models = [...ground.texts.keys()].flatMap(
    (path) => /^inventory\/models\/([^/]+)\.yaml$/.exec(path)?.[1] ?? [],
  );
  if (wanted !== undefined && models.includes(wanted)) return wanted;
  throw new WishError(
    wanted === undefined ? "a new box wants a model" : `there is no model ${wanted}`,
    `add --model M; known: ${listNames(models, 20)}`,
  );
}

function networkOf(site: Site, wanted: string | undefined): Network {
  const network = site.networks.find(({ name }) => name === wanted);
  if (network !== undefined) return network;
  throw new WishError(
    wanted === undefined ? "a new box wants a network" : `there is no network ${wanted}`,
    `add --network N; known: ${listNames(
      site.networks.map(({ name }) => name),
      20,
    )}`,
  );
}

/** The first free address, as the number that it has within its network. */
function freePlace(site: Site, network: Network): { readonly address: string; readonly number: YamlValue } {
  const free = freeAddresses(site, network)[0]?.from;
  const prefix = network.ipv4 === undefined ? undefined : parsePrefix(network.ipv4)?.prefix;
  const address = free === undefined ? undefined : parseAddress(free);
  if (address === undefined || prefix === undefined) {
    throw new WishError(
      `${network.name} has no free address`,
      `see: sitewright query free-addresses ${site.id}`,
    );
  }
  return { address: formatAddress(address), number: Number(address.value - prefix.base) };
}

/** The asset id after the highest of the same kind, `NG-SW-0014` after `NG-SW-0013`. */
function nextAsset(ground: Ground, site: Site, kind: DeviceIntent["kind"]): string {
  const devices = ground.sites
    .filter(({ client }) => client === site.client)
    .flatMap((sister) => sister.devices);
  const ids = devices.map(({ asset, kind: own }) => ({ own, match: /^(.*?)(\d+)$/.exec(asset) }));
  const prefix = mostCommon(ids.flatMap(({ own, match }) => (own === kind && match ? [match[1] ?? ""] : [])));
  const start = prefix ?? `${site.client.slice(0, 2).toUpperCase()}-${kind === "server" ? "SV" : "SW"}-`;
  const numbers = ids.flatMap(({ match }) => (match?.[1] === start ? [match[2] ?? ""] : []));
  const width = Math.max(4, ...numbers.map((number) => number.length));
  return `${start}${String(Math.max(0, ...numbers.map(Number)) + 1).padStart(width, "0")}`;
}

/** A cable from a free port of the switch above to the last port of the new one: uplinks are last on a switch. */
function cableTo(ground: Ground, site: Site, uplink: string, name: string, model: string) {
  const above = site.devices.find((device) => device.name === uplink);
  if (above === undefined) {
    throw new WishError(
      `there is no device ${uplink}`,
      `known: ${listNames(
        site.devices.map((device) => device.name),
        20,
      )}`,
    );
  }
  const path = `inventory/${site.id}/devices/${uplink}.yaml`;
  const cabled = above.ports.filter((port) => port.mode === "trunk" && port.peer !== undefined);
  const profile = mostCommon(cabled.flatMap((port) => port.profile ?? []));
  const free = above.ports.findLast((port) => port.mode === "unused" && port.peer === undefined);
  const far = ground.sites
    .flatMap((sister) => sister.devices)
    .find((device) => device.model === model && device.ports.length > 0)
    ?.ports.at(-1);
  if (free === undefined)
    throw new WishError(`${uplink} has no free port`, "free one, or name another uplink");
  if (far === undefined || profile === undefined) {
    throw new WishError(
      `no cable between ${uplink} and ${model} to take as a pattern`,
      "write the cable by hand",
    );
  }
  const text = setInYaml(textOf(ground, path), ["ports", free.name], { profile, to: `${name}:${far.name}` });
  return { file: [path, text] as const, words: `${uplink}:${free.name} to ${name}:${far.name}` };
}
