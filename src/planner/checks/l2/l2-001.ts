import type { DeviceIntent, PortIntent } from "../../../model/intent.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";
import { perPlace } from "../lib/group-ports.ts";
import { indexOf, leadsToDevice, networksOfVlan, peerName, trunksOf } from "../lib/site-index.ts";

/** Whether the other end has the same native VLAN; where it has not, resolving has said so. */
function agreesWithPeer(
  site: Site,
  device: DeviceIntent,
  port: Pick<PortIntent, "peer" | "nativeVlan">,
): boolean {
  const peer = indexOf(site).devices.get(peerName(port) ?? "");
  const back = peer === undefined ? [] : trunksOf(peer).filter((far) => peerName(far) === device.name);
  return back.length === 0 || back.some((far) => far.nativeVlan === port.nativeVlan);
}

/** Untagged frames on a trunk go nowhere. Resolving compares both ends of a link. */
export const l2001 = defineCheck({
  id: "L2-001",
  severity: "warning",
  decidedBy: ["check", "resolve"],
  title: {
    en: "Native VLAN is not 1, unused, and the same at both ends",
    zh: "本征 VLAN 非 1、不承载业务、两端一致",
  },
  rationale: {
    en: "Untagged frames cross into the native VLAN, and a doubly tagged frame hops over it into another one.",
    zh: "未打标签的帧会进入本征 VLAN，双标签帧可借此跳到其他 VLAN。",
  },
  mend: {
    en: "Make a network with `purpose: native` and name it as `native:` in the profile of uplinks.",
    zh: "建立 `purpose: native` 的网络，并在上联 profile 中写 `native:`。",
  },
  find: (site) =>
    indexOf(site).switches.flatMap((device) => {
      const trunks = trunksOf(device);
      const inOne = trunks.filter((port) => port.nativeVlan === undefined || port.nativeVlan === 1);
      const used = trunks.filter(
        (port) =>
          port.nativeVlan !== undefined &&
          port.nativeVlan !== 1 &&
          leadsToDevice(site, port) &&
          agreesWithPeer(site, device, port) &&
          networksOfVlan(site, port.nativeVlan).some((network) => network.purpose !== "native"),
      );
      return [
        ...perPlace(device, inOne, "has the native VLAN 1", "write native: with a network of purpose native"),
        ...perPlace(
          device,
          used,
          "has a native VLAN that carries traffic of its own",
          "write native: with a network of purpose native, and tag this one",
        ),
      ];
    }),
});
