import type { DeviceInputs, DeviceOutputs } from "./device-config.ts";

/** Fields whose change makes an update of the same resource. */
const COMPARED = ["device", "platform", "address", "model", "serial", "intendedDigest"] as const;

/** Tells whether a device is to be pushed: something of its intent moved, the plan being applied has work for it, or a
 *  refresh found it drifted. The same work as the last time is work again: somebody has made the same change twice, and
 *  the push finds out by itself where a plan is applied a second time. Never a replacement: the device is the same. Pure. */
export function hasDiff(olds: Partial<DeviceOutputs>, news: DeviceInputs): boolean {
  if (olds.drift === true) return true;
  if (COMPARED.some((field) => olds[field] !== news[field])) return true;
  if (!sameVersions(olds.secretVersions ?? {}, news.secretVersions)) return true;
  return news.commandsDigest !== "";
}

/** Fields that every input must have, with what is wrong where one has not. Pure. */
export function checkInputs(
  news: Partial<DeviceInputs>,
): { readonly property: string; readonly reason: string }[] {
  const texts = ["device", "asset", "site", "platform", "intendedDigest"] as const;
  return texts.flatMap((property) => {
    const value = news[property];
    return typeof value === "string" && value !== "" ? [] : [{ property, reason: `${property} is missing` }];
  });
}

function sameVersions(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => a[name] === b[name]);
}
