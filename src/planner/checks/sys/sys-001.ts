import { defineCheck } from "../define.ts";
import { join } from "../lib/judge-rendered.ts";
import type { Problem } from "../types.ts";

const HOSTNAME = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const SPELLED: Readonly<Record<string, RegExp>> = {
  iosxe: /^hostname (\S+)$/m,
  eos: /^hostname (\S+)$/m,
  vrp: /^sysname (\S+)$/m,
  comware: /^ ?sysname (\S+)$/m,
  junos: /host-name (\S+?);?$/m,
  fortios: /^\s*set hostname "?([^"\s]+)"?$/m,
  routeros: /^set name=(\S+)$/m,
  nftables: /^hostname (\S+)$/m,
  openvswitch: /^hostname (\S+)$/m,
  "linux-server": /^hostname (\S+)$/m,
};

/** A device calls itself what the inventory calls it. */
export const sys001 = defineCheck({
  id: "SYS-001",
  severity: "warning",
  needs: "rendered",
  title: { en: "Host name as in the inventory, and valid", zh: "主机名与清单一致且合法" },
  rationale: {
    en: "Whoever is logged into the wrong box finds out by its name, or does not.",
    zh: "是否登录错了设备，全凭主机名判断。",
  },
  mend: {
    en: "Rename the device's file, or let the driver render the name.",
    zh: "重命名设备文件，或由驱动下发主机名。",
  },
  find: (site, context) => {
    const missing: string[] = [];
    const rendered = site.devices.flatMap((device): Problem[] => {
      const config = context.rendered.get(device.id)?.config;
      const pattern = SPELLED[device.platform];
      if (config === undefined || pattern === undefined) {
        missing.push(`no rendered configuration of ${device.id}`);
        return [];
      }
      const name = pattern.exec(config)?.[1];
      if (name === device.system.hostname) return [];
      return [
        {
          where: device.origin,
          severity: "error",
          message: `${device.name} is rendered with the name ${name ?? "(none)"}`,
          hint: `it should be ${device.system.hostname}: report this, it is a driver's mistake`,
        },
      ];
    });
    const bad = site.devices.flatMap((device): Problem[] => {
      const { hostname } = device.system;
      if (!HOSTNAME.test(hostname))
        return [
          {
            where: device.origin,
            severity: "error",
            message: `"${hostname}" is no host name (RFC 1123)`,
            hint: "use letters, digits and dashes, at most 63",
          },
        ];
      if (hostname.toLowerCase().includes(device.name.toLowerCase())) return [];
      return [
        {
          where: device.origin,
          message: `${device.name} calls itself ${hostname}`,
          hint: "let the host name hold the device's name",
        },
      ];
    });
    return join(bad, { problems: rendered, missing });
  },
});
