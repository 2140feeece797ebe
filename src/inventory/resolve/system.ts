import { formatAddress, formatPrefix } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { compareText } from "../../model/finding.ts";
import type { JumpHost, ManagementIntent, SystemIntent, UserIntent } from "../../model/intent.ts";
import type { Policy } from "../../model/policy.ts";
import type { SecretRef } from "../../model/secret.ts";
import { parseSecretRef } from "../../model/secret.ts";
import type { Credentials, DeviceFile, ServerFile } from "../schema/types.gen.ts";
import type { Places } from "../shape/plain.ts";
import { durationSeconds } from "../units.ts";
import type { NetworkDraft, SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";
import type { Names } from "./names.ts";
import { addressesOf } from "./names.ts";
import { pick } from "./port-intents.ts";
import { listOf, prefixesOf } from "./rules.ts";

/** A device or server with its layers merged: what both have in common. */
export interface Machine {
  readonly name: string;
  readonly data: DeviceFile | ServerFile;
  readonly places: Places;
  readonly at: FileWhere;
}

/** What settling a machine's system needs. */
export interface SystemSources {
  readonly base: SiteBase;
  readonly names: Names;
  readonly policy: Policy;
  readonly findings: Findings;
}

const DEFAULT_IDLE = "10m";

/** Settles name, clock, servers, accounts and banner of a machine.
 *  @param own - the machine's own addresses */
export function systemIntent(machine: Machine, sources: SystemSources, own: readonly string[]): SystemIntent {
  const { base } = sources;
  const { data, places } = machine;
  const hosts = (key: "dns" | "ntp" | "syslog"): string[] => resolveHosts(data[key], places, sources.names);
  // The log host of a site must not send its logs to itself, nor the time server ask itself.
  const others = (key: "ntp" | "syslog"): string[] => hosts(key).filter((address) => !own.includes(address));
  return {
    hostname: machine.name,
    ...pick("domain", base.settings.domain),
    timezone: base.settings.timezone ?? "Etc/UTC",
    dns: hosts("dns"),
    ntp: others("ntp"),
    syslog: others("syslog"),
    ...pick("snmp", snmpOf(machine, sources)),
    users: usersOf(machine),
    ...pick("banner", data.banner),
    idleTimeoutMinutes: Math.max(1, Math.round(durationSeconds(data.idleTimeout ?? DEFAULT_IDLE) / 60)),
  };
}

/** Turns a list of names and addresses into addresses, in the order as written. */
export function resolveHosts(refs: readonly string[] | undefined, places: Places, names: Names): string[] {
  const out = (refs ?? []).flatMap((ref, index) =>
    names.addresses(ref, places.value(refs ?? [], index)).map(formatAddress),
  );
  return [...new Set(out)];
}

function snmpOf(machine: Machine, sources: SystemSources): SystemIntent["snmp"] {
  const { snmp } = machine.data;
  if (!snmp) return undefined;
  const auth = secretOf(snmp.auth);
  const privacy = secretOf(snmp.privacy);
  if (!auth || !privacy) return undefined;
  return {
    user: snmp.user,
    auth,
    privacy,
    hosts: resolveHosts(snmp.hosts, machine.places, sources.names),
    ...pick("location", snmp.location ?? machine.data.location),
    ...pick("contact", snmp.contact),
  };
}

/** Local accounts, sorted by name. */
export function usersOf(machine: Machine): UserIntent[] {
  const users = machine.data.users ?? {};
  return Object.entries(users)
    .map(([name, user]) => ({
      name,
      role: user.role ?? ("operator" as const),
      ...pick("password", secretOf(user.password)),
      keys: user.keys ?? [],
      origin: machine.places.key(users, name),
    }))
    .sort((a, b) => compareText(a.name, b.name));
}

/** Parses a reference; its spelling was checked by the schema. */
export function secretOf(text: string | undefined): SecretRef | undefined {
  return text === undefined ? undefined : parseSecretRef(text);
}

/** Where and how a machine is reached. */
export interface Reach {
  readonly network: NetworkDraft | undefined;
  readonly address: string | undefined;
  readonly address6: string | undefined;
}

/** Settles management: address, login, jump hosts, host keys, and where management may come from. */
export function managementIntent(machine: Machine, reach: Reach, sources: SystemSources): ManagementIntent {
  const { findings } = sources;
  const credentials = machine.data.credentials ?? {};
  if (reach.address === undefined && reach.address6 === undefined) {
    findings.report(
      "MGT-NO-ADDRESS",
      machine.at,
      `${machine.name} has no management address`,
      "write management: {network: …, address: …}",
      { about: machine.name },
    );
  }
  if (credentials.user === undefined) {
    findings.report(
      "CRD-MISSING",
      machine.at,
      `nothing says how to log in to ${machine.name}`,
      "write credentials: {user: …, key: env:NAME@1} for the device, site, client or provider",
    );
  } else if (
    credentials.key === undefined &&
    credentials.password === undefined &&
    credentials.agent !== true
  ) {
    const where = machine.places.value(machine.data, "credentials");
    findings.report(
      "CRD-MISSING",
      where,
      `the login ${credentials.user} has neither key, password nor agent`,
      "add key: env:NAME@1, password: env:NAME@1 or agent: true",
      { about: "credentials" },
    );
  }
  const jump = jumpHosts(machine, credentials, sources);
  return {
    address: reach.address ?? reach.address6 ?? "",
    ...pick("address6", reach.address === undefined ? undefined : reach.address6),
    network: reach.network?.name ?? "",
    ...pick("vlan", reach.network?.data.vlan),
    port: credentials.port ?? 22,
    user: credentials.user ?? "",
    ...pick("password", secretOf(credentials.password)),
    ...pick("key", secretOf(credentials.key)),
    agent: credentials.agent ?? false,
    ...pick("readOnly", readOnlyOf(credentials)),
    ...pick("enable", secretOf(credentials.enable)),
    legacyAlgorithms: credentials.legacyAlgorithms ?? false,
    jump,
    hostKeys: machine.data.hostKeys ?? [],
    allowedFrom: allowedFrom(reach, jump, sources),
  };
}

function readOnlyOf(credentials: Credentials): ManagementIntent["readOnly"] {
  const own = credentials.readOnly;
  if (!own) return undefined;
  return { user: own.user, ...pick("password", secretOf(own.password)), ...pick("key", secretOf(own.key)) };
}

function jumpHosts(machine: Machine, credentials: Credentials, sources: SystemSources): JumpHost[] {
  const refs = listOf(credentials.via);
  return refs.flatMap((ref, index): JumpHost[] => {
    const where =
      typeof credentials.via === "object"
        ? machine.places.value(credentials.via, index)
        : machine.places.value(credentials, "via");
    const found = sources.names.find(ref, where);
    if (!found) return [];
    const login = found.kind === "host" ? found.host.data.login : undefined;
    const address = addressesOf(found)[0];
    if (!login || !address) {
      sources.findings.report(
        "REF-JUMP",
        where,
        `"${ref}" is no jump host: it has no ${address ? "login" : "address"}`,
        "give the host `login: {user: …, key: …}` and a full address",
      );
      return [];
    }
    return [
      {
        name: ref,
        address: formatAddress(address),
        port: login.port ?? 22,
        user: login.user,
        ...pick("password", secretOf(login.password)),
        ...pick("key", secretOf(login.key)),
        hostKeys: login.hostKeys ?? [],
      },
    ];
  });
}

/** The networks of management zones, the device's own management network, and its jump hosts. */
function allowedFrom(reach: Reach, jump: readonly JumpHost[], sources: SystemSources): string[] {
  const zones = new Set(
    sources.policy.zones.filter((zone) => zone.kind === "management").map((zone) => zone.name),
  );
  const networks = [...sources.base.networks.values()].filter(
    (network) => network.data.zone !== undefined && zones.has(network.data.zone),
  );
  const chosen = networks.length > 0 ? networks : reach.network ? [reach.network] : [];
  const prefixes = chosen.flatMap(prefixesOf).map(formatPrefix);
  const hosts = jump.map((host) => `${host.address}/${host.address.includes(":") ? 128 : 32}`);
  return [...new Set([...prefixes, ...hosts])].sort(compareText);
}
