import type { FileWhere } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import type { Findings } from "./findings.ts";

/** Finds asset ids and serial numbers that two things of a client have (AST-002): the asset id is the identity of a
 *  device in the state, so a second one would take over the first one's resource. */
export function checkAssets(sites: readonly Site[], findings: Findings): void {
  const seen = new Map<string, { who: string; at: FileWhere }>();
  const take = (kind: string, key: string, text: string | undefined, who: string, at: FileWhere): void => {
    if (text === undefined || text === "") return;
    const known = seen.get(`${key} ${kind} ${text}`);
    if (!known) seen.set(`${key} ${kind} ${text}`, { who, at });
    else
      findings.report(
        "AST-002",
        at,
        `the ${kind} ${text} is used by ${known.who} and by ${who}`,
        `give one of them another ${kind}: it is copied from the other file`,
        { related: [known.at] },
      );
  };
  for (const site of sites) {
    for (const device of site.devices) {
      take("asset id", site.client, device.asset, device.id, device.origin);
      take("serial number", site.client, device.assetFields.serial, device.id, device.origin);
      for (const member of device.members) {
        if (member.asset !== device.asset)
          take("asset id", site.client, member.asset, `${device.id} ${member.name}`, device.origin);
        take("serial number", site.client, member.serial, `${device.id} ${member.name}`, device.origin);
      }
    }
  }
}
