import type { FileWhere } from "../../../model/finding.ts";
import type { Site } from "../../../model/site.ts";
import { defineCheck } from "../define.ts";

interface Box {
  readonly who: string;
  readonly asset: string;
  readonly serial: string | undefined;
  readonly origin: FileWhere;
}

const books = new WeakMap<readonly Site[], { assets: Map<string, Box>; serials: Map<string, Box> }>();

function boxesOf(site: Site): Box[] {
  return site.devices.flatMap((device): Box[] => {
    if (device.members.length === 0)
      return [
        { who: device.id, asset: device.asset, serial: device.assetFields.serial, origin: device.origin },
      ];
    return device.members.map((member) => ({
      who: `${device.id} (${member.name})`,
      asset: member.asset,
      serial: member.serial,
      origin: device.origin,
    }));
  });
}

/** The first box of each asset id and serial, over all sites; made once for a run. */
function bookOf(sites: readonly Site[]) {
  const before = books.get(sites);
  if (before) return before;
  const book = { assets: new Map<string, Box>(), serials: new Map<string, Box>() };
  for (const box of sites.flatMap(boxesOf)) {
    if (!book.assets.has(box.asset)) book.assets.set(box.asset, box);
    if (box.serial !== undefined && !book.serials.has(box.serial)) book.serials.set(box.serial, box);
  }
  books.set(sites, book);
  return book;
}

/** An asset id is one box, of one client. */
export const ast002 = defineCheck({
  id: "AST-002",
  severity: "error",
  title: { en: "Asset ids and serials are unique", zh: "资产编号与序列号唯一" },
  rationale: {
    en: "The asset id is what a device's history and state hang on; two boxes with one share them.",
    zh: "设备历史与状态都挂在资产编号上，重号会互相混淆。",
  },
  mend: {
    en: "Give one of the two another `asset:`, or read its serial again.",
    zh: "为其中一台改 `asset:`，或重新核对序列号。",
  },
  find: (site, context) => {
    const book = bookOf(context.sites);
    return boxesOf(site).flatMap((box) => {
      const same = (first: Box | undefined): first is Box => first !== undefined && first.who !== box.who;
      const asset = book.assets.get(box.asset);
      const serial = box.serial === undefined ? undefined : book.serials.get(box.serial);
      return [
        ...(same(asset)
          ? [
              {
                where: box.origin,
                message: `${box.who} and ${asset.who} have the asset id ${box.asset}`,
                hint: "give one of them another asset:",
                related: [asset.origin],
              },
            ]
          : []),
        ...(same(serial)
          ? [
              {
                where: box.origin,
                message: `${box.who} and ${serial.who} have the serial ${box.serial}`,
                hint: "read the serial off the box again",
                related: [serial.origin],
              },
            ]
          : []),
      ];
    });
  },
});
