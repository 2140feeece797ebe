import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { indexOf, networksOfVlan } from "../lib/site-index.ts";

/** Phones are where phones belong. */
export const l2018 = defineCheck({
  id: "L2-018",
  severity: "warning",
  title: { en: "One voice VLAN, made for voice, apart from data", zh: "语音 VLAN 一致且与数据分离" },
  rationale: {
    en: "A phone in a data VLAN can be listened to from the desk beside it, and loses its priority.",
    zh: "话机落在数据 VLAN 会被旁边工位监听，也失去优先级。",
  },
  mend: {
    en: "Give the network `purpose: voice`, and name it in `voice:` of the profile.",
    zh: "网络写 `purpose: voice`，并在 profile 的 `voice:` 中引用。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) => {
      const ports = device.ports.filter((port) => port.voiceVlan !== undefined);
      return [
        ...perPlace(
          device,
          ports.filter((port) => port.voiceVlan === port.accessVlan),
          "has the same VLAN for voice and data",
          "write voice: with a network of purpose voice",
        ),
        ...perPlace(
          device,
          ports.filter(
            (port) =>
              port.voiceVlan !== port.accessVlan &&
              networksOfVlan(site, port.voiceVlan).some((network) => network.purpose !== "voice"),
          ),
          "has a voice VLAN that was not made for voice",
          "write purpose: voice at the network",
        ),
      ];
    }),
});
