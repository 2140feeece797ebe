import { defineCheck } from "../define.ts";

/** Every box is on record with what a call to its maker needs. */
export const ast001 = defineCheck({
  id: "AST-001",
  severity: "warning",
  title: {
    en: "Serial, owner, location and warranty on record",
    zh: "资产必填项：序列号、责任人、位置、保修",
  },
  rationale: {
    en: "Without serial and warranty the maker sends nothing; without owner and location nobody finds the box.",
    zh: "没有序列号与保修，厂商不受理；没有责任人与位置，找不到设备。",
  },
  mend: {
    en: "Write `serial:`, `owner:`, `location:` and `warranty:` in the device's file.",
    zh: "在设备文件写 `serial:`、`owner:`、`location:`、`warranty:`。",
  },
  find: (site) =>
    site.devices.flatMap((device) => {
      const { serial, owner, location, warranty } = device.assetFields;
      const boxes = device.members.length > 0 ? device.members.every((member) => member.serial) : serial;
      const lacks = [
        ...(boxes ? [] : ["serial"]),
        ...(owner ? [] : ["owner"]),
        ...(location ? [] : ["location"]),
        ...(warranty ? [] : ["warranty"]),
        ...(device.model ? [] : ["model"]),
      ];
      if (lacks.length === 0) return [];
      return [
        {
          where: device.origin,
          message: `${device.name} has no ${lacks.join(", ")} on record`,
          hint: `write ${lacks.map((key) => `${key}: …`).join(", ")}`,
        },
      ];
    }),
});
