import { FIRST_PERSON_ID, systemAccounts } from "./base-layer.ts";
import type { TreeFile } from "./file-tree.ts";
import { addressLine } from "./ip-lines.ts";
import { shellQuote } from "./run.ts";
import { firstSwitchCommands, lateSwitchNetwork } from "./switch-setup.ts";
import type { LabDevice, LabService, LabUser } from "./types.ts";

/** Unit names of the services, as Debian calls them. */
const UNITS: Readonly<Record<LabService, string>> = {
  chrony: "chrony",
  cron: "cron",
  frr: "frr",
  nftables: "nftables",
  openvswitch: "openvswitch-switch",
  rsyslog: "rsyslog",
};

const USUAL_SERVICES: Readonly<Record<LabDevice["kind"], readonly LabService[]>> = {
  "frr-router": ["frr"],
  "linux-server": ["rsyslog", "cron", "chrony"],
  "nftables-firewall": ["rsyslog", "nftables"],
  "openvswitch-switch": ["rsyslog", "openvswitch"],
  host: [],
};

interface Account extends LabUser {
  readonly id: number;
  readonly home: string;
}

/** Gives the files that make a device itself: accounts, keys, network, services.
 *  @param extraNetwork - lines for `ip -batch`, such as the management cable's address */
export function deviceFiles(device: LabDevice, extraNetwork: readonly string[]): Record<string, TreeFile> {
  const accounts = accountsOf(device);
  const late = lateSwitchNetwork(device);
  return {
    ...accountFiles(accounts),
    "/etc/hostname": { text: `${device.name}\n` },
    "/etc/hosts": { text: `127.0.0.1\tlocalhost\n127.0.1.1\t${device.name}\n::1\tlocalhost ip6-localhost\n` },
    "/etc/lab/network": { text: lines([...networkLines(device), ...extraNetwork]) },
    "/etc/lab/settings": { text: settings(device) },
    "/etc/ssh/sshd_config": { text: sshdConfig(accounts) },
    ...(device.kind === "openvswitch-switch" && {
      "/etc/lab/first-boot": { text: lines(firstSwitchCommands(device)) },
    }),
    ...(late.length > 0 && { "/etc/lab/network-late": { text: lines(late) } }),
    ...Object.fromEntries(Object.entries(device.files ?? {}).map(([path, text]) => [path, { text }])),
  };
}

/** Names the units that a device starts at power-on. */
export function wantedUnits(device: LabDevice): string[] {
  return (device.services ?? USUAL_SERVICES[device.kind]).map((service) => UNITS[service]);
}

/** Lines for `ip -batch` that bring a device's interfaces up, with addresses and routes. */
export function networkLines(device: LabDevice): string[] {
  return [
    "link set lo up",
    ...device.interfaces.flatMap(({ name, mtuBytes, macAddress, addresses }) => [
      ...(macAddress === undefined ? [] : [`link set dev ${name} address ${macAddress}`]),
      ...(mtuBytes === undefined ? [] : [`link set dev ${name} mtu ${mtuBytes}`]),
      `link set dev ${name} up`,
      ...(addresses ?? []).map((address) => addressLine(address, name)),
    ]),
    ...(device.routes ?? []).map(({ to, via }) => `route replace ${to} via ${via}`),
  ];
}

function settings(device: LabDevice): string {
  const forwards = device.kind === "nftables-firewall" || device.kind === "frr-router";
  const names = ["mgmt0", ...device.interfaces.map((port) => port.name)];
  return lines([`LAB_INTERFACES=${shellQuote(names.join(" "))}`, `LAB_FORWARDING=${forwards ? 1 : 0}`]);
}

function accountsOf(device: LabDevice): Account[] {
  const described = device.users ?? [];
  const people = described.filter((user) => user.name !== "root");
  const root = described.find((user) => user.name === "root") ?? { name: "root" };
  return [
    { ...root, id: 0, home: "/root" },
    ...people.map((user, index) => ({ ...user, id: FIRST_PERSON_ID + index, home: `/home/${user.name}` })),
  ];
}

function accountFiles(accounts: readonly Account[]): Record<string, TreeFile> {
  const system = systemAccounts("passwd");
  const names = [
    ...accounts.map((account) => account.name),
    ...system.map((line) => line.split(":")[0] ?? ""),
  ];
  const passwords = accounts.flatMap(({ name, password }) =>
    password === undefined ? [] : [`${name}:${password}`],
  );
  const files: Record<string, TreeFile> = {
    "/etc/group": {
      text: lines([...accounts.map(({ name, id }) => `${name}:x:${id}:`), ...systemAccounts("group")]),
    },
    "/etc/passwd": {
      text: lines([
        ...accounts.map(
          ({ name, id, home, shell }) => `${name}:x:${id}:${id}:${name}:${home}:${shell ?? "/bin/bash"}`,
        ),
        ...system,
      ]),
    },
    // `*` means no password; `!` would make sshd refuse keys as well.
    "/etc/shadow": { text: lines(names.map((name) => `${name}:*:19000:0:99999:7:::`)), mode: 0o640 },
    "/etc/gshadow": { text: "", mode: 0o640 },
  };
  if (passwords.length > 0) files["/etc/lab/passwords"] = { text: lines(passwords), mode: 0o600 };
  for (const account of accounts) Object.assign(files, homeFiles(account));
  return files;
}

function homeFiles({ name, id, home, authorizedKeys = [], sudo }: Account): Record<string, TreeFile> {
  const owner = { uid: id, gid: id };
  return {
    [`${home}/.ssh/authorized_keys`]: { text: lines(authorizedKeys), mode: 0o600, owner },
    ...(sudo === true &&
      id !== 0 && {
        [`/etc/sudoers.d/${name}`]: { text: `${name} ALL=(ALL:ALL) NOPASSWD: ALL\n`, mode: 0o440 },
      }),
  };
}

/** Homes and their owners; parents made on the way to a file would belong to root. */
export function homeFolders(device: LabDevice): { path: string; uid: number }[] {
  return accountsOf(device).flatMap(({ home, id }) => [
    { path: home, uid: id },
    { path: `${home}/.ssh`, uid: id },
  ]);
}

function sshdConfig(accounts: readonly Account[]): string {
  const hasPassword = accounts.some((account) => account.password !== undefined);
  const rootHasPassword = accounts.some((account) => account.id === 0 && account.password !== undefined);
  return lines([
    "Include /etc/ssh/sshd_config.d/*.conf",
    "HostKey /etc/ssh/ssh_host_ed25519_key",
    `PermitRootLogin ${rootHasPassword ? "yes" : "prohibit-password"}`,
    `PasswordAuthentication ${hasPassword ? "yes" : "no"}`,
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "UseDNS no",
    "X11Forwarding no",
    "PrintMotd no",
    "AcceptEnv LANG LC_*",
    // A sweep opens many sessions at once; the default of ten would drop some at random.
    "MaxStartups 200",
    "MaxSessions 50",
    "Subsystem sftp /usr/lib/openssh/sftp-server",
  ]);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
