import type { DeviceIntent } from "../../../model/intent.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { join, judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf, leadsToDevice, peerName, trunksOf } from "../lib/site-index.ts";
import { rootsOf } from "../lib/spanning-tree.ts";
import type { Problem } from "../types.ts";

function rootProblems(site: Site, switches: readonly DeviceIntent[]): Problem[] {
  const roots = rootsOf(site);
  const [first] = roots;
  if (switches.length < 2 || first === undefined) return [];
  const { priority } = first.layer2.spanningTree;
  if (priority === undefined)
    return [
      {
        where: site.origin,
        message: "no switch of the site is to be the root: the oldest one will be",
        hint: "write spanningTree: {priority: 4096} at the core",
      },
    ];
  const rival = roots[1];
  if (rival === undefined || rival.layer2.spanningTree.priority !== priority) return [];
  return [
    {
      where: rival.origin,
      message: `${first.name} and ${rival.name} both want to be the root (${priority})`,
      hint: `write spanningTree: {priority: ${priority + 4096}} at ${rival.name}`,
      related: [first.origin],
    },
  ];
}

/** The root of the tree is where it was planned. */
export const l2006 = defineCheck({
  id: "L2-006",
  severity: "warning",
  needs: "rendered",
  title: { en: "Root decided, root guard on downlinks, loop guard", zh: "根桥确定、下联根保护、环路保护" },
  rationale: {
    en: "If the oldest switch becomes root, the whole site's traffic runs through a cupboard.",
    zh: "若由最老的交换机当选根桥，全站流量都会绕经配线间。",
  },
  mend: {
    en: "Give the core `spanningTree: {priority: 4096}`, the second 8192, and `rootGuard: true` to their downlinks.",
    zh: "核心写 `spanningTree: {priority: 4096}`，备核心 8192，下联端口写 `rootGuard: true`。",
  },
  find: (site, context) => {
    const { switches } = indexOf(site);
    const [root, second] = rootsOf(site);
    const downlinks =
      root === undefined || switches.length < 2
        ? []
        : trunksOf(root).filter((port) => {
            const peer = indexOf(site).devices.get(peerName(port)?.split(" ")[0] ?? "");
            return leadsToDevice(site, port) && peer?.kind === "switch" && peer !== second && !port.rootGuard;
          });
    return join(
      rootProblems(site, switches),
      root === undefined
        ? []
        : perPlace(root, downlinks, "is a downlink without root guard", "write rootGuard: true", {
            severity: "info",
          }),
      judgeRendered(
        context,
        switches,
        {
          iosxe: {
            require: [
              {
                pattern: /^spanning-tree loopguard default$|^ spanning-tree guard loop$|^udld /m,
                what: "no loop guard, no UDLD",
              },
            ],
          },
          vrp: {},
          comware: {},
          eos: {},
          junos: {},
          routeros: {},
          openvswitch: {},
        },
        () => "push the rendered configuration",
      ),
    );
  },
});
