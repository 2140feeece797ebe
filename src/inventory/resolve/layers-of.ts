import type { Layer } from "../layers/merge.ts";
import { mergeLayers, pickKeys } from "../layers/merge.ts";
import type { MapNode, Node } from "../yaml/node.ts";
import { emptyMap, nodeAt } from "../yaml/node.ts";
import type { Documents } from "./documents.ts";

/** Keys that provider, client and site have in common and that merge from one to the next. */
const SETTINGS: ReadonlySet<string> = new Set([
  "timezone",
  "domain",
  "dns",
  "ntp",
  "syslog",
  "snmp",
  "users",
  "banner",
  "idleTimeout",
  "credentials",
  "changeWindows",
  "freezes",
  "criticality",
  "ownership",
  "gate",
  "binding",
  "parallel",
  "alerts",
  "profiles",
  "contacts",
  "backupTargets",
  "backupPolicies",
]);

/** Settings of a level that its machines take over, each machine being able to say otherwise. */
const MACHINE_SETTINGS: ReadonlySet<string> = new Set([
  "checks",
  "dns",
  "ntp",
  "syslog",
  "snmp",
  "users",
  "banner",
  "idleTimeout",
  "credentials",
  "criticality",
  "ownership",
  "gate",
]);

/** Keys of `defaults` and roles that only one kind of machine has: the other passes over them. */
const ONLY_DEVICE: ReadonlySet<string> = new Set(["ports", "spanningTree", "management"]);
const ONLY_SERVER: ReadonlySet<string> = new Set(["daemons", "packages", "files", "services", "backup"]);

/** The three general levels of a site, from general to special; those that have no file are left out. */
export function levelsOf(documents: Documents, client: string, site: string): Layer[] {
  const paths = [
    ["provider", "inventory/provider.yaml"],
    ["client", `inventory/${client}/client.yaml`],
    ["site", `inventory/${client}/${site}/site.yaml`],
  ] as const;
  const levels: Layer[] = [];
  for (const [name, path] of paths) {
    const doc = documents.get(path);
    if (doc) levels.push({ name, node: doc.root });
  }
  return levels;
}

/** Layers of the site's own settings: what is common from each level, and all of the site's own file. */
export function siteLayers(levels: readonly Layer[]): Layer[] {
  return levels.map((level) =>
    level.name === "site" ? level : { ...level, node: pickKeys(level.node, SETTINGS) },
  );
}

/** Layers of a device or server (D13): provider, provider's role, client, client's role, site, site's role, its own file. */
export function machineLayers(levels: readonly Layer[], kind: "device" | "server", own: MapNode): Layer[] {
  const foreign = kind === "device" ? ONLY_SERVER : ONLY_DEVICE;
  const role = roleOf(levels, own);
  const layers: Layer[] = [];
  for (const level of levels) {
    const settings: Layer = { name: level.name, node: pickKeys(level.node, MACHINE_SETTINGS) };
    const defaults = nodeAt(level.node, ["defaults"]);
    const general = mergeLayers([
      settings,
      ...(defaults?.kind === "map" ? [{ name: "defaults", node: dropKeys(defaults, foreign) }] : []),
    ]);
    if (general && general.entries.size > 0) layers.push({ name: level.name, node: general });
    const byRole = role === undefined ? undefined : nodeAt(level.node, ["roles", role]);
    if (byRole?.kind === "map")
      layers.push({ name: `${level.name} role ${role}`, node: dropKeys(byRole, foreign) });
  }
  return [...layers, { name: kind, node: own }];
}

/** The role that a device's or server's own file gives, else the most special `defaults`. */
export function roleOf(levels: readonly Layer[], own: MapNode): string | undefined {
  const candidates: (Node | undefined)[] = [nodeAt(own, ["role"])];
  for (const level of [...levels].reverse()) candidates.push(nodeAt(level.node, ["defaults", "role"]));
  for (const node of candidates)
    if (node?.kind === "scalar" && typeof node.value === "string") return node.value;
  return undefined;
}

/** Names of all roles that some level knows. */
export function roleNames(levels: readonly Layer[]): string[] {
  const names = new Set<string>();
  for (const level of levels) {
    const roles = nodeAt(level.node, ["roles"]);
    if (roles?.kind === "map") for (const name of roles.entries.keys()) names.add(name);
  }
  return [...names];
}

function dropKeys(node: MapNode, keys: ReadonlySet<string>): MapNode {
  return { ...node, entries: new Map([...node.entries].filter(([key]) => !keys.has(key))) };
}

/** Merges a site's settings. */
export function mergeSite(levels: readonly Layer[], report?: Parameters<typeof mergeLayers>[1]): MapNode {
  return mergeLayers(siteLayers(levels), report) ?? emptyMap({ file: "inventory", line: 1, column: 1 });
}
