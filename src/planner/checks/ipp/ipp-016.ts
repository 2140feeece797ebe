import type { DeviceIntent } from "../../../model/intent.ts";
import { defineCheck } from "../define.ts";
import { isRouting } from "../lib/connected.ts";
import type { Problem } from "../types.ts";

/** How a device gets out: each way with the weight that orders it. */
function waysOut(device: DeviceIntent): { readonly weight: string; readonly hop: string }[] {
  const lines = device.interfaces
    .filter((port) => port.kind === "wan")
    .map((port) => ({ weight: `line ${port.priority ?? 1}`, hop: port.name }));
  const routes = device.routes
    .filter((route) => route.prefix === "0.0.0.0/0")
    .map((route) => ({ weight: `${route.vrf ?? ""} route ${route.distance ?? 1}`, hop: route.nextHop }));
  return [...lines, ...routes];
}

/** There is one way out that counts. */
export const ipp016 = defineCheck({
  id: "IPP-016",
  severity: "warning",
  title: { en: "One default route, or several in a stated order", zh: "默认路由存在且主备分明" },
  rationale: {
    en: "Without one, answers to strangers are dropped; with two of the same weight half of the sessions break.",
    zh: "缺少默认路由则回不了包；两条同权重则一半会话异常。",
  },
  mend: {
    en: "Write a route `to: 0.0.0.0/0`, or different `priority:` for the lines.",
    zh: "写 `to: 0.0.0.0/0` 的路由，或为线路设置不同 `priority:`。",
  },
  find: (site) =>
    site.devices.filter(isRouting).flatMap((device): Problem[] => {
      const ways = waysOut(device);
      if (ways.length === 0)
        return [
          {
            where: device.origin,
            message: `${device.name} routes and has no default route`,
            hint: `write routes: {default-${device.name}: {on: ${device.name}, to: 0.0.0.0/0, via: …}}`,
          },
        ];
      const twin = ways.find((way, at) =>
        ways.some((other, index) => index < at && other.weight === way.weight),
      );
      if (twin === undefined) return [];
      return [
        {
          where: device.origin,
          message: `${device.name} has several default routes of one weight (${twin.hop})`,
          hint: "give the lines different priority:, or the routes different distance:",
        },
      ];
    }),
});
