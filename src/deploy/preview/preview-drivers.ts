import type { PreviewDriver, PreviewDrivers } from "../../planner/preview/device-changes.ts";
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
  return {
    render: (intent) =>
      cache.memo("render", { platform, intent }, () => {
        const { config, scope, findings } = driver.render(intent);
        return { config, scope, findings };
      }),
    change: (before, after, options) =>
      cache.memo("change", { platform, before, after, options }, () => driver.change(before, after, options)),
    redact: (text) => driver.redact(text),
  };
}
