import type { ServiceMatch } from "../../../model/intent.ts";
import { defineCheck } from "../define.ts";
import { crossingsOf, permitsOf } from "../lib/rule-cells.ts";
import { indexOf } from "../lib/site-index.ts";

const RISKY = [
  { name: "ftp", protocol: "tcp", from: 20, to: 21 },
  { name: "telnet", protocol: "tcp", from: 23, to: 23 },
  { name: "tftp", protocol: "udp", from: 69, to: 69 },
  { name: "rpc", protocol: "tcp", from: 135, to: 135 },
  { name: "netbios", protocol: "udp", from: 137, to: 138 },
  { name: "smb", protocol: "tcp", from: 139, to: 139 },
  { name: "snmp", protocol: "udp", from: 161, to: 161 },
  { name: "smb", protocol: "tcp", from: 445, to: 445 },
  { name: "rsh", protocol: "tcp", from: 512, to: 514 },
  { name: "rdp", protocol: "tcp", from: 3389, to: 3389 },
  { name: "vnc", protocol: "tcp", from: 5900, to: 5906 },
] as const;

/** Names of the risky services that a match lets through; what permits everything is another check's. */
function riskyIn(match: ServiceMatch): string[] {
  if (match.protocol !== "tcp" && match.protocol !== "udp") return [];
  return RISKY.filter((risk) => risk.protocol === match.protocol)
    .filter(
      (risk) =>
        match.ports.length === 0 || match.ports.some(([low, high]) => low <= risk.to && risk.from <= high),
    )
    .map((risk) => risk.name);
}

/** Old protocols stay in their zone. */
export const rul011 = defineCheck({
  id: "RUL-011",
  severity: "warning",
  title: { en: "No risky service across zones", zh: "高危服务不跨区" },
  rationale: {
    en: "Telnet and FTP show passwords; SMB, RDP and VNC are how worms travel.",
    zh: "telnet、FTP 泄露口令；SMB、RDP、VNC 是蠕虫的通道。",
  },
  mend: {
    en: "Replace it (SSH, SFTP, HTTPS), go by a jump host, or record why with a waiver.",
    zh: "改用 SSH、SFTP、HTTPS，经跳板机访问，或以豁免记录理由。",
  },
  find: (site) =>
    permitsOf(site).flatMap((rule) => {
      const { zones } = indexOf(site);
      const crossing = crossingsOf(site, rule).filter(
        ({ from, to }) => zones.get(from)?.kind !== "management" && zones.get(to)?.kind !== "device",
      );
      const [first] = crossing;
      const names = [...new Set(rule.matches.flatMap(riskyIn))].sort();
      if (first === undefined || names.length === 0) return [];
      const outside = crossing.some(
        ({ from, to }) => zones.get(from)?.kind === "external" || zones.get(to)?.kind === "external",
      );
      return [
        {
          where: rule.origin,
          ...(outside ? { severity: "error" as const } : {}),
          message: `${rule.id} lets ${names.join(", ")} from ${first.from} to ${first.to}`,
          hint: "use an encrypted protocol, a narrower service, or a jump host",
        },
      ];
    }),
});
