import { randomUUID } from "node:crypto";
import type { DeviceIntent } from "../../model/intent.ts";
import type { SecretRef } from "../../model/secret.ts";
import type { Site } from "../../model/site.ts";
import type { EmulatorOptions, EmulatorPlatform, EmulatorUser } from "../emulator/types.ts";
import { commissioningConfig } from "./commissioning.ts";
import { publicKeyOf } from "./practice-secrets.ts";

/** Gives the value of a secret, or undefined where it cannot be had. */
export type RevealPractice = (ref: SecretRef) => string | undefined;

/** An emulator to start, and the device that it stands for. */
export interface PracticeEmulator {
  readonly device: DeviceIntent;
  readonly options: EmulatorOptions;
}

/** The devices of a site that emulators can stand for, as they come out of the box of somebody who commissioned them:
 *  a name, a management address, SSH, and nothing else. Devices of other platforms are left out. */
export function emulatedSite(site: Site, reveal: RevealPractice): PracticeEmulator[] {
  const neighbours = addressesAround(site);
  return site.devices
    .filter(isEmulated)
    .map((device) => ({ device, options: { ...optionsOf(device, reveal), neighbours } }));
}

/** Whether an emulator speaks this platform. */
export function isEmulated(device: Pick<DeviceIntent, "platform">): boolean {
  return device.platform === "iosxe" || device.platform === "vrp";
}

/** Whoever answers pings at a site: its devices, servers and hosts, its gateways, its providers' routers. */
function addressesAround(site: Site): string[] {
  const found = [
    ...site.hosts.map(({ address }) => address),
    ...site.networks.map(({ gateway }) => gateway),
    ...site.wan.map(({ gateway }) => gateway),
  ];
  return [...new Set(found.flatMap((address) => address ?? []))].sort();
}

function optionsOf(device: DeviceIntent, reveal: RevealPractice): EmulatorOptions {
  const { management } = device;
  return {
    platform: device.platform as EmulatorPlatform,
    hostname: device.system.hostname,
    model: device.model,
    users: usersOf(device, reveal),
    ports: device.ports.map((port) => port.name),
    config: commissioningConfig(device, passwordOf(device, reveal)),
    management: { address: management.address },
    clientAddress: operatorAddress(device),
    ...(device.assetFields.serial === undefined ? {} : { serial: device.assetFields.serial }),
  };
}

/** The first account's password; practice devices of a key-only login get one that nobody knows. */
function passwordOf(device: DeviceIntent, reveal: RevealPractice): string {
  const { password } = device.management;
  return (password === undefined ? undefined : reveal(password)) ?? randomUUID();
}

function usersOf(device: DeviceIntent, reveal: RevealPractice): EmulatorUser[] {
  const { management } = device;
  const push = userOf(management.user, 15, management, reveal);
  const { readOnly } = management;
  if (readOnly === undefined || readOnly.user === management.user) return [push];
  return [push, userOf(readOnly.user, 1, readOnly, reveal)];
}

function userOf(
  name: string,
  privilege: number,
  login: { readonly password?: SecretRef; readonly key?: SecretRef },
  reveal: RevealPractice,
): EmulatorUser {
  const password = login.password === undefined ? undefined : reveal(login.password);
  const key = login.key === undefined ? undefined : reveal(login.key);
  return {
    name,
    privilege,
    ...(password === undefined ? {} : { password }),
    ...(key === undefined ? {} : { publicKeys: [publicKeyOf(key)] }),
  };
}

/** Where the operator sits as the device sees it: a host of the first prefix that management may come from. */
export function operatorAddress(device: DeviceIntent): string {
  const [first] = device.management.allowedFrom;
  const base = first?.includes(":") === false ? first.split("/")[0] : undefined;
  if (base === undefined) return device.management.address.replace(/\d+$/, "250");
  return first?.endsWith("/32") ? base : base.replace(/\d+$/, "250");
}
