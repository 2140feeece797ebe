import type { DeviceIntent } from "../../model/intent.ts";
import type { PreviewDriver, PreviewDrivers, RenderedDevice } from "../../planner/preview/device-changes.ts";
import type { DriverLookup } from "../types.ts";
import type { PreviewCache } from "./cache.ts";

/** Drivers as a preview sees them: they render, compare and redact, and what they once computed is looked up. Nothing
 *  that reaches a device is handed on. */
export function previewDrivers(drivers: DriverLookup, cache: PreviewCache): PreviewDrivers {
  const known = new Map<string, PreviewDriver | undefined>();
  return (platform) => {
    if (!known.has(platform)) known.set(platform, previewDriver(platform, drivers, cache));
    return known.get(platform);
  };
}

function previewDriver(
  platform: string,
  drivers: DriverLookup,
  cache: PreviewCache,
): PreviewDriver | undefined {
  const driver = drivers(platform);
  if (driver?.level !== "full") return undefined;
  // A device is rendered for its commands and for its findings: once is enough.
  const rendered = new WeakMap<DeviceIntent, RenderedDevice>();
  return {
    render: (intent) => {
      const known = rendered.get(intent);
      if (known !== undefined) return known;
      const made = cache.memo("render", { platform, intent }, (): RenderedDevice => {
        const { config, scope, findings } = driver.render(intent);
        return { config, scope, findings };
      });
      rendered.set(intent, made);
      return made;
    },
    change: (before, after, options) =>
      cache.memo("change", { platform, before, after, options }, () => driver.change(before, after, options)),
    redact: (text) => driver.redact(text),
  };
}
