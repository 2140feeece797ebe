import { defineCheck } from "../define.ts";
import { peerName } from "../lib/site-index.ts";
import type { Problem } from "../types.ts";

/** What is retired is gone from the plan as well. */
export const ast005 = defineCheck({
  id: "AST-005",
  severity: "error",
  title: { en: "No retired device still in use", zh: "已报废资产不得仍在用" },
  rationale: {
    en: "A retired switch that still carries a floor has no warranty, no patches and no spare.",
    zh: "仍在承载业务的报废设备没有保修、补丁与备件。",
  },
  mend: {
    en: "Unplug it and take it out of links, gateways and rules; or set `state: active`.",
    zh: "下架并从链路、网关、规则中移除；或改回 `state: active`。",
  },
  find: (site, context) => {
    const facts = context.facts.get(site.id);
    if (facts === undefined)
      return { problems: [], missing: ["the resolved site does not tell which devices are retired"] };
    const retired = new Set(
      [...facts.devices].filter(([, fact]) => fact.state === "retired").map(([name]) => name),
    );
    const configured = site.devices
      .filter((device) => retired.has(device.name))
      .map(
        (device): Problem => ({
          where: device.origin,
          message: `${device.name} is retired and still configured`,
          hint: "take it out of the plan, or write state: active",
        }),
      );
    const linked = site.devices
      .filter((device) => !retired.has(device.name))
      .flatMap((device) =>
        device.ports
          .filter((port) => retired.has(peerName(port) ?? ""))
          .map(
            (port): Problem => ({
              where: port.origin,
              message: `${device.name}:${port.name} leads to ${port.peer}, which is retired`,
              hint: "take the port's to: away",
            }),
          ),
      );
    return [...configured, ...linked];
  },
});
