import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Devices of a generated site, unless told: a core switch and the access switches that hang on it. */
const DEVICES_PER_SITE = 25;
const SITES_PER_CLIENT = 20;

/** Writes the files of a workspace of so many switches, in memory: clients of 20 sites, each switch with 20 user ports
 *  and an uplink, eight VLANs. The provider's own files are the samples'.
 *  @param root - folder of the repository */
export function generateWorkspace(
  root: string,
  devices: number,
  perSite = DEVICES_PER_SITE,
): Map<string, string> {
  const files = sharedFiles(root);
  const sites = Math.ceil(devices / perSite);
  for (let site = 0; site < sites; site += 1) {
    const client = `client-${Math.floor(site / SITES_PER_CLIENT)}`;
    files.set(`inventory/${client}/client.yaml`, `name: ${client}\nowner: ops\n`);
    const count = Math.min(perSite, devices - site * perSite);
    addSite(files, `inventory/${client}/site-${site % SITES_PER_CLIENT}`, site, count);
  }
  return files;
}

function sharedFiles(root: string): Map<string, string> {
  const files = new Map<string, string>();
  const add = (path: string): void => void files.set(path, readFileSync(join(root, path), "utf8"));
  add("inventory/provider.yaml");
  for (const name of readdirSync(join(root, "inventory/models"))) add(`inventory/models/${name}`);
  add("policies/zones.yaml");
  add("policies/services.yaml");
  return files;
}

function addSite(files: Map<string, string>, folder: string, number: number, devices: number): void {
  const second = number % SITES_PER_CLIENT;
  const networks = ["office", "office", "voice", "office", "office", "office", "office"].map(
    (zone, index) => {
      const vlan = 10 + index;
      return `  net-${vlan}: {vlan: ${vlan}, zone: ${zone}, ipv4: 10.${second}.${vlan}.0/24}`;
    },
  );
  files.set(
    `${folder}/site.yaml`,
    [
      `name: Site ${number}`,
      "timezone: Europe/London",
      "networks:",
      ...networks,
      `  mgmt: {vlan: 99, zone: mgmt, ipv4: 10.${second}.99.0/24}`,
      "  parking: {vlan: 998, purpose: parking}",
      "  native: {vlan: 999, purpose: native}",
      "",
    ].join("\n"),
  );
  for (let index = 0; index < devices; index += 1) {
    files.set(`${folder}/devices/sw-${index}.yaml`, switchFile(number, index));
  }
}

function switchFile(site: number, index: number): string {
  const core = index === 0;
  return [
    `asset: GEN-${site}-${index}`,
    "model: cisco-c9200l-24t-4g",
    `role: ${core ? "core" : "access"}`,
    `serial: S${site}X${index}`,
    `management: {network: mgmt, address: ${index + 2}}`,
    ...(core ? [] : accessPorts(index)),
    "",
  ].join("\n");
}

function accessPorts(index: number): string[] {
  return [
    "ports:",
    `  Gi1/0/1-20: {profile: user, network: net-${10 + (index % 7)}}`,
    `  Gi1/1/1: {profile: uplink, to: "sw-0:Gi1/0/${index}"}`,
  ];
}
