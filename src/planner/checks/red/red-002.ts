import { defineCheck } from "../define.ts";
import { outageSeverity } from "../lib/criticality.ts";
import { indexOf } from "../lib/site-index.ts";
import { weakPoints } from "../lib/weak-points.ts";

/** No single cable or box cuts a floor off. */
export const red002 = defineCheck({
  id: "RED-002",
  severity: "warning",
  title: { en: "Two ways from each switch to the core", zh: "接入到核心双链路，无单点" },
  rationale: {
    en: "One cable pulled, or one switch without power, should not take a floor with it.",
    zh: "拔一根线、断一台电，不应使整层断网。",
  },
  mend: {
    en: "Give each access switch uplinks to two boxes (`to: [core-1:…, core-2:…]`) or to a stack.",
    zh: "每台接入交换机双上联到两台设备（`to: [core-1:…, core-2:…]`）或一个堆叠。",
  },
  find: (site) => {
    const { networkDevices, devices } = indexOf(site);
    if (networkDevices.length < 2) return [];
    const weak = weakPoints(
      networkDevices.map((device) => device.name),
      site.links,
    );
    const boxes = weak.boxes
      .flatMap((name) => devices.get(name) ?? [])
      .filter((device) => device.members.length < 2)
      .map((device) => ({
        where: device.origin,
        severity: outageSeverity(site),
        message: `without ${device.name} parts of the site no longer reach each other`,
        hint: "give the devices behind it a second way, or make it a stack (members:)",
      }));
    const cables = weak.cables.map((link) => ({
      where: link.origin,
      severity: outageSeverity(site),
      message: `the cable ${link.a.device}:${link.a.port} to ${link.b.device}:${link.b.port} is the only way`,
      hint: "add a second link, best to another box",
    }));
    return [...boxes, ...cables];
  },
});
