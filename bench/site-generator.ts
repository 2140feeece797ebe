import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const DISTRIBUTIONS = 3;
const ACCESS_EACH = 15;
const ZONES = ["office", "voice", "printer", "camera", "guest", "server", "mgmt"] as const;

/** Writes, in memory, a workspace of one site, `big/campus`, with fifty devices: a firewall, a core, three distribution
 *  switches of fifteen access switches each, 1,400 ports, seven zones and forty rules. Names hold markup, as a stranger's
 *  device might.
 *  @param root - folder of the repository, for the provider's files */
export function generateCampus(root: string): Map<string, string> {
  const files = new Map<string, string>();
  const copy = (path: string): void => void files.set(path, readFileSync(join(root, path), "utf8"));
  for (const path of ["inventory/provider.yaml", "policies/zones.yaml", "policies/services.yaml"]) copy(path);
  for (const name of readdirSync(join(root, "inventory/models"))) copy(`inventory/models/${name}`);
  files.set("inventory/big/client.yaml", "name: 大客户 & <Sons>\nowner: ops\n");
  const folder = "inventory/big/campus";
  files.set(`${folder}/site.yaml`, siteFile());
  files.set(`${folder}/rules.yaml`, rulesFile());
  files.set(`${folder}/devices/fw-1.yaml`, firewallFile());
  files.set(`${folder}/devices/core-1.yaml`, coreFile());
  for (let dist = 1; dist <= DISTRIBUTIONS; dist += 1) {
    files.set(`${folder}/devices/dist-${dist}.yaml`, distributionFile(dist));
    for (let index = 1; index <= ACCESS_EACH; index += 1)
      files.set(`${folder}/devices/sw-${dist}-${pad(index)}.yaml`, accessFile(dist, index));
  }
  return files;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}

function siteFile(): string {
  const networks = ZONES.map((zone, index) => {
    const dhcp = zone === "office" || zone === "guest" ? ", dhcp: {ranges: [50-230]}" : "";
    return `  ${zone}: {vlan: ${10 * (index + 1)}, zone: ${zone}, ipv4: 10.9.${index}.0/24, gateway: {address: 1, on: fw-1}${dhcp}, description: "${zone} <b>&"}`;
  });
  const hosts = Array.from({ length: 40 }, (_, index) =>
    [
      `  printer-${index + 1}: {network: printer, address: ${index + 20}, mac: "00:1b:a9:00:00:${pad(index)}"`,
      `port: sw-${(index % 3) + 1}-${pad(Math.floor(index / 3) + 1)}:Gi1/0/23, description: '"><script>alert(1)</script>'}`,
    ].join(", "),
  );
  return [
    'name: "<img src=x onerror=alert(1)> 园区"',
    "timezone: Asia/Shanghai",
    "criticality: high",
    "networks:",
    ...networks,
    "  parking: {vlan: 998, purpose: parking}",
    "  native: {vlan: 999, purpose: native}",
    "hosts:",
    ...hosts,
    "wan:",
    "  main: {on: fw-1:eth0, zone: internet, ipv4: 203.0.113.2/30, gateway: 203.0.113.1, provider: 中国电信}",
    "nat: {outbound: {inside: {from: [office, guest], via: [main]}}}",
    "",
  ].join("\n");
}

function rulesFile(): string {
  const rules = Array.from({ length: 40 }, (_, index) => {
    const to = `printer-${index + 1}`;
    return `R${String(index + 1).padStart(4, "0")}: {from: office, to: ${to}, service: printing, reason: "打印 </td><script>", owner: ops, ticket: CHG-${index}, created: 2026-03-01, review: ${2026 + (index % 3)}-03-01}`;
  });
  return `${rules.join("\n")}\n`;
}

function head(asset: string, model: string, role: string, address: number): string[] {
  return [
    `asset: ${asset}`,
    `model: ${model}`,
    `role: ${role}`,
    `serial: S-${asset}`,
    'location: "机房 <i>"',
    `management: {network: mgmt, address: ${address}}`,
  ];
}

function firewallFile(): string {
  const trunk = "  eth2: {mode: trunk, native: native, tagged: needed, to: core-1:Gi1/0/1}";
  return [...head("BIG-FW-1", "linux-firewall", "firewall", 1), "ports:", trunk, ""].join("\n");
}

function coreFile(): string {
  const ports = Array.from(
    { length: DISTRIBUTIONS },
    (_, index) => `  Te1/1/${index + 1}: {profile: downlink, to: "dist-${index + 1}:Te1/1/1"}`,
  );
  return [...head("BIG-SW-1", "cisco-c9300-24t", "core", 2), "ports:", ...ports, ""].join("\n");
}

function distributionFile(dist: number): string {
  const ports = Array.from(
    { length: ACCESS_EACH },
    (_, index) => `  Gi1/0/${index + 1}: {profile: downlink, to: "sw-${dist}-${pad(index + 1)}:Gi1/1/1"}`,
  );
  const lines = head(`BIG-DS-${dist}`, "cisco-c9200l-48p-4x", "core", 2 + dist);
  return [...lines, "ports:", ...ports, ""].join("\n");
}

function accessFile(dist: number, index: number): string {
  const lines = head(`BIG-AC-${dist}-${index}`, "cisco-c9200l-24t-4g", "access", 20 * dist + index);
  return [
    ...lines,
    "ports:",
    "  Gi1/0/1-20: {profile: user, network: office, voice: voice}",
    "  Gi1/0/21-22: {profile: plain, network: camera}",
    "  Gi1/0/23: {profile: plain, network: printer}",
    "",
  ].join("\n");
}
