import { existsSync } from "node:fs";
import { runningInit } from "./device-console.ts";
import { labIdOf } from "./lab-names.ts";
import { readLabState } from "./lab-store.ts";
import { listNamespaces } from "./namespaces.ts";
import type { LabDeviceKind, LabOptions } from "./types.ts";

/** How one device stands. `network`: a host without users, which is a namespace and nothing that could be off. */
export interface LabDeviceStatus {
  readonly name: string;
  readonly kind: LabDeviceKind;
  readonly power: "on" | "off" | "network" | "gone";
  readonly sshd: boolean;
  readonly managementAddress?: string;
  readonly socketPath?: string;
}

/** How a lab stands. `broken`: something of it is there and something is missing; `lab down` clears it. */
export interface LabStatus {
  readonly labId: string;
  readonly state: "up" | "down" | "broken";
  readonly site?: string;
  readonly startedAt?: string;
  readonly devices: readonly LabDeviceStatus[];
}

/** Tells how a lab stands; changes nothing and asks no device. */
export function labStatus(options: LabOptions): LabStatus {
  const labId = labIdOf(options);
  const state = readLabState(options);
  const namespaces = new Set(listNamespaces(labId));
  if (state === undefined) return { labId, state: namespaces.size === 0 ? "down" : "broken", devices: [] };
  const devices = state.devices.map((device): LabDeviceStatus => {
    const pid = runningInit(state, device.name);
    return {
      name: device.name,
      kind: device.kind,
      power: powerWord(namespaces.has(device.namespace), device.socketPath !== undefined, pid !== undefined),
      sshd: pid !== undefined && existsSync(`/proc/${pid}/root/run/sshd.pid`),
      ...(device.managementAddress !== undefined && { managementAddress: device.managementAddress }),
      ...(device.socketPath !== undefined && { socketPath: device.socketPath }),
    };
  });
  const isWhole = devices.every((device) => device.power !== "gone");
  return {
    labId,
    state: isWhole ? "up" : "broken",
    site: state.site.name,
    startedAt: state.startedAt,
    devices,
  };
}

function powerWord(hasNamespace: boolean, hasSshd: boolean, isRunning: boolean): LabDeviceStatus["power"] {
  if (!hasNamespace) return "gone";
  if (!hasSshd) return "network";
  return isRunning ? "on" : "off";
}
