import { defineCheck } from "../define.ts";
import { join, judgeRendered } from "../lib/judge-rendered.ts";
import { indexOf } from "../lib/site-index.ts";

/** The tree mends itself within a second. */
export const l2012 = defineCheck({
  id: "L2-012",
  severity: "warning",
  needs: "rendered",
  title: { en: "Rapid spanning tree, one family a site", zh: "使用快速生成树，全站协议一致" },
  rationale: {
    en: "The old spanning tree stops a floor for half a minute whenever a cable moves.",
    zh: "传统生成树每次拓扑变化会中断约 30 秒。",
  },
  mend: {
    en: "Write `spanningTree: {mode: rstp}` (rapid-pvst on Cisco) in the role.",
    zh: "在角色中写 `spanningTree: {mode: rstp}`（思科为 rapid-pvst）。",
  },
  find: (site, context) => {
    const { switches } = indexOf(site);
    const multiple = switches.filter((device) => device.layer2.spanningTree.mode === "mstp");
    const mixed = multiple.length > 0 && multiple.length < switches.length;
    return join(
      mixed
        ? [
            {
              where: multiple[0]?.origin ?? site.origin,
              message: `${multiple.length} of ${switches.length} switches speak MSTP: the site falls into two kinds of trees`,
              hint: "write spanningTree: {mode: …} once, at the site's roles",
            },
          ]
        : [],
      judgeRendered(
        context,
        switches,
        {
          iosxe: {
            forbid: [
              {
                pattern: /^spanning-tree mode pvst$|^no spanning-tree vlan .*$/m,
                what: "the tree is slow or off",
              },
            ],
          },
          vrp: {
            forbid: [
              { pattern: /^stp mode stp$|^stp disable$|^undo stp enable$/m, what: "the tree is slow or off" },
            ],
          },
          comware: {
            forbid: [
              { pattern: /^ ?stp mode stp$|^ ?undo stp global enable$/m, what: "the tree is slow or off" },
            ],
          },
          eos: {
            forbid: [
              {
                pattern: /^spanning-tree mode none$|^no spanning-tree vlan-id .*$/m,
                what: "the tree is off",
              },
            ],
          },
          junos: {
            require: [
              {
                pattern: /protocols (?:rstp|mstp|vstp)|^\s+(?:rstp|mstp|vstp) \{/m,
                what: "there is no rapid tree",
              },
            ],
          },
          routeros: {
            forbid: [{ pattern: /protocol-mode=(?:none|stp)\b/, what: "the tree is slow or off" }],
          },
          openvswitch: { require: [{ pattern: /rstp/i, what: "there is no rapid tree" }] },
        },
        () => "write spanningTree: {mode: rstp} and push the rendered configuration",
      ),
    );
  },
});
