import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { indexOf, networksOfVlan } from "../lib/site-index.ts";

/** A port that nobody uses is dead. */
export const l2010 = defineCheck({
  id: "L2-010",
  severity: "warning",
  title: { en: "Unused ports shut and parked", zh: "未用端口关闭并置于停放 VLAN" },
  rationale: {
    en: "An open socket in a meeting room is a door into the office network.",
    zh: "会议室里一个可用的空闲口就是进入内网的门。",
  },
  mend: {
    en: "Make a network with `purpose: parking`; take ports that nobody uses out of the file, and `enabled: true` off them.",
    zh: "建立 `purpose: parking` 的网络；把未用端口从文件中删去，并去掉 `enabled: true`。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) => {
      const unused = device.ports.filter((port) => port.mode === "unused");
      const parked = (vlan: number | undefined): boolean =>
        networksOfVlan(site, vlan).some((network) => network.purpose === "parking");
      return [
        ...perPlace(
          device,
          unused.filter((port) => port.enabled),
          "is unused and up",
          "take enabled: true away",
          { severity: "error" },
        ),
        ...perPlace(
          device,
          unused.filter((port) => !parked(port.accessVlan)),
          "is unused and in no parking VLAN",
          "make a network with purpose: parking at the site",
        ),
      ];
    }),
});
