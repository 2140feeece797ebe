import type { DeviceInputs, DeviceOutputs } from "./device-config.ts";
import type { DriverHost } from "./host-core.ts";
import { checkInputs, hasDiff } from "./host-diff.ts";

/** The driver host as Pulumi's plugin process loads it. Methods are looked up by the shim, which outlives releases:
 *  their names and shapes stay. A preview asks only `check` and `diff`, so only those come without drivers and YAML. */
let opened: Promise<DriverHost> | undefined;

function host(): Promise<DriverHost> {
  opened ??= open();
  return opened;
}

async function open(): Promise<DriverHost> {
  const { openHost } = await import("./host-core.ts");
  const { hostOptionsFromEnvironment } = await import("./host-environment.ts");
  const { watchEngine } = await import("./engine-watch.ts");
  const made = openHost(await hostOptionsFromEnvironment());
  watchEngine({ onGone: () => made.stop(), isBusy: () => made.isBusy() });
  return made;
}

/** Checks a device's inputs; touches no device. */
export async function check(_olds: unknown, news: DeviceInputs): ReturnType<DriverHost["check"]> {
  return { inputs: news, failures: checkInputs(news) };
}

/** Tells whether a device is to be pushed; touches no device. */
export async function diff(
  _id: string,
  olds: DeviceOutputs,
  news: DeviceInputs,
): ReturnType<DriverHost["diff"]> {
  return { changes: hasDiff(olds, news) };
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
