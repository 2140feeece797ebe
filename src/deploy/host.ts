import type { DeviceInputs, DeviceOutputs } from "./device-config.ts";
import type { DriverHost } from "./host-core.ts";
import { openHost } from "./host-core.ts";
import { hostOptionsFromEnvironment } from "./host-environment.ts";

/** The driver host as Pulumi's plugin process loads it. Methods are looked up by the shim, which outlives releases:
 *  their names and shapes stay. */
let opened: Promise<DriverHost> | undefined;

function host(): Promise<DriverHost> {
  opened ??= hostOptionsFromEnvironment().then(openHost);
  return opened;
}

/** Checks a device's inputs; touches no device. */
export async function check(olds: unknown, news: DeviceInputs): ReturnType<DriverHost["check"]> {
  return (await host()).check(olds, news);
}

/** Tells whether a device is to be pushed; touches no device. */
export async function diff(
  id: string,
  olds: DeviceOutputs,
  news: DeviceInputs,
): ReturnType<DriverHost["diff"]> {
  return (await host()).diff(id, olds, news);
}

/** Pushes a device that Pulumi does not know yet. */
export async function create(inputs: DeviceInputs): ReturnType<DriverHost["create"]> {
  return (await host()).create(inputs);
}

/** Reads a device for a refresh. */
export async function read(id: string, props: DeviceOutputs): ReturnType<DriverHost["read"]> {
  return (await host()).read(id, props);
}

/** Pushes a device. */
export async function update(
  id: string,
  olds: DeviceOutputs,
  news: DeviceInputs,
): ReturnType<DriverHost["update"]> {
  return (await host()).update(id, olds, news);
}

async function release(id: string, props: DeviceOutputs): Promise<void> {
  await (await host()).delete(id, props);
}

export { release as delete };
