import type { Finding } from "../../model/finding.ts";
import type { LabDevice, LabLinkEnd, LabSite } from "./types.ts";

/** Checks a description before anything is started: what is wrong here would end as a riddle in the kernel. */
export function checkLabSite(site: LabSite): Finding[] {
  const devices = new Map(site.devices.map((device) => [device.name, device]));
  return [
    ...repeated(site.devices.map((device) => device.name)).map((name) =>
      finding(
        site,
        name,
        "LAB-NAME-TWICE",
        `two devices are called ${name}`,
        "give each device its own name",
      ),
    ),
    ...repeated(site.devices.flatMap((device) => device.management?.address.split("/")[0] ?? [])).map(
      (address) =>
        finding(
          site,
          site.name,
          "LAB-ADDRESS-TWICE",
          `two devices are managed at ${address}`,
          "give each device its own management address",
        ),
    ),
    ...site.devices.flatMap((device) => checkDevice(site, device, devices)),
    ...checkLinks(site, devices),
  ];
}

function checkDevice(site: LabSite, device: LabDevice, devices: ReadonlyMap<string, LabDevice>): Finding[] {
  const found: Finding[] = [];
  const add = (code: string, message: string, hint: string) =>
    found.push(finding(site, device.name, code, message, hint));
  if (!/^[a-z0-9][a-z0-9.-]{0,39}$/.test(device.name))
    add(
      "LAB-NAME",
      `device name "${device.name}" cannot be used`,
      "use lower-case letters, digits, dot, dash",
    );
  for (const { name } of device.interfaces) {
    if (!/^[A-Za-z0-9_.-]{1,15}$/.test(name) || name === "." || name === "..")
      add("LAB-INTERFACE", `interface name "${name}" cannot be used`, "use 1 to 15 letters, digits, _ . -");
  }
  for (const name of repeated(device.interfaces.map((port) => port.name)))
    add("LAB-INTERFACE-TWICE", `interface ${name} stands twice`, "name each interface once");
  for (const user of device.users ?? []) {
    if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user.name))
      add(
        "LAB-USER",
        `account name "${user.name}" cannot be used`,
        "use lower-case letters, digits, _ and -",
      );
    if (/[\n:]/.test(user.password ?? ""))
      add("LAB-PASSWORD", `password of ${user.name} holds a colon or line break`, "choose another password");
  }
  const needsUsers = device.kind !== "host" || device.management !== undefined;
  if (needsUsers && (device.users ?? []).length === 0)
    add(
      "LAB-NO-USER",
      `nobody can log in to ${device.name}`,
      "give it at least one user with a key or password",
    );
  const via = device.management?.mode === "in-band" ? device.management.via : undefined;
  if (via !== undefined && !devices.has(via))
    add("LAB-VIA", `management goes via ${via}, which is no device of the lab`, "name a host of this lab");
  for (const port of Object.keys(device.switch?.ports ?? {})) {
    if (!device.interfaces.some((known) => known.name === port))
      add("LAB-PORT", `switch port ${port} is no interface of ${device.name}`, "list it under interfaces");
  }
  return found;
}

function checkLinks(site: LabSite, devices: ReadonlyMap<string, LabDevice>): Finding[] {
  const found: Finding[] = [];
  const ends = site.links.flat();
  for (const end of ends) {
    const device = devices.get(end.device);
    if (device?.interfaces.some((port) => port.name === end.interface)) continue;
    const message = `link ends at ${spell(end)}, which does not exist`;
    found.push(finding(site, end.device, "LAB-LINK-END", message, "name a device and one of its interfaces"));
  }
  for (const end of repeated(ends.map(spell)))
    found.push(
      finding(site, end, "LAB-LINK-TWICE", `two links end at ${end}`, "one cable fits into an interface"),
    );
  if (hasUnguardedLoop(site, devices)) {
    const hint = "set switch.rstp on the switches of the loop, or leave one link out";
    found.push(finding(site, site.name, "LAB-LOOP", "switch ports form a loop; frames would circle", hint));
  }
  return found;
}

/** A loop of attached ports without spanning tree would eat the machine's processors at once. */
function hasUnguardedLoop(site: LabSite, devices: ReadonlyMap<string, LabDevice>): boolean {
  const parent = new Map<string, string>();
  const find = (name: string): string => {
    const up = parent.get(name);
    return up === undefined ? name : find(up);
  };
  for (const [a, b] of site.links) {
    if (!isOpenPort(devices.get(a.device), a) || !isOpenPort(devices.get(b.device), b)) continue;
    const [rootA, rootB] = [find(a.device), find(b.device)];
    if (rootA === rootB) return true;
    parent.set(rootA, rootB);
  }
  return false;
}

function isOpenPort(device: LabDevice | undefined, end: LabLinkEnd): boolean {
  return device?.switch?.rstp !== true && device?.switch?.ports?.[end.interface] !== undefined;
}

function repeated(words: readonly string[]): string[] {
  return [...new Set(words.filter((word, index) => words.indexOf(word) !== index))].sort();
}

function spell(end: LabLinkEnd): string {
  return `${end.device}:${end.interface}`;
}

function finding(site: LabSite, device: string, code: string, message: string, hint: string): Finding {
  return { code, severity: "error", message, hint, where: { device: `${site.name}/${device}` } };
}
