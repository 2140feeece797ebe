import type { DeviceIntent } from "../../../model/intent.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";

const byName = new WeakMap<readonly Site[], Map<string, DeviceIntent[]>>();

function fullName(device: DeviceIntent): string {
  const { hostname, domain } = device.system;
  return [device.client, hostname.toLowerCase(), domain ?? ""].join(" ");
}

/** All devices by client, host name and domain, made once for a run. */
function namesOf(sites: readonly Site[]): Map<string, DeviceIntent[]> {
  const before = byName.get(sites);
  if (before) return before;
  const names = new Map<string, DeviceIntent[]>();
  for (const device of sites.flatMap((site) => site.devices)) {
    const list = names.get(fullName(device));
    if (list) list.push(device);
    else names.set(fullName(device), [device]);
  }
  byName.set(sites, names);
  return names;
}

/** A host name means one machine of a client. Resolving reports names taken twice at one site. */
export const ipp009 = defineCheck({
  id: "IPP-009",
  severity: "warning",
  decidedBy: ["check", "resolve"],
  title: { en: "Each host name once", zh: "主机名不重复" },
  rationale: {
    en: "Logs and DNS know a machine by its name; two with one name are one machine to them.",
    zh: "日志与 DNS 以名称识别设备，重名即混为一台。",
  },
  mend: {
    en: "Rename one of the two, or give the sites different `domain:`.",
    zh: "改名其一，或为站点设置不同 `domain:`。",
  },
  find: (site, context) =>
    site.devices.flatMap((device) =>
      (namesOf(context.sites).get(fullName(device)) ?? [])
        .filter((other) => other.id > device.id)
        .slice(0, 1)
        .map((other) => ({
          where: device.origin,
          ...(other.site === device.site ? {} : { severity: "info" as const }),
          message: `${device.id} and ${other.id} are both called ${device.system.hostname}`,
          hint: "rename one of the two, or give the sites different domains",
          related: [other.origin],
        })),
    ),
});
