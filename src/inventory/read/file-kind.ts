/** What a file of the workspace is, told by its path alone. */
export type FileKind =
  | "provider"
  | "model"
  | "client"
  | "pools"
  | "lock"
  | "vpns"
  | "rules"
  | "site"
  | "device"
  | "server"
  | "zones"
  | "services"
  | "exceptions"
  | "waivers"
  | "checks"
  | "zoning";

/** A file with its kind and the ids that its path spells. */
export interface FileIdentity {
  readonly kind: FileKind;
  readonly client?: string;
  readonly site?: string;
  /** Of models, devices, servers and pools. */
  readonly name?: string;
}

const ID = "([^/]+)";
const PATTERNS: readonly (readonly [RegExp, FileKind, readonly ("client" | "site" | "name")[]])[] = [
  [/^inventory\/provider\.yaml$/, "provider", []],
  [new RegExp(`^inventory/models/${ID}\\.yaml$`), "model", ["name"]],
  [new RegExp(`^inventory/${ID}/client\\.yaml$`), "client", ["client"]],
  [new RegExp(`^inventory/${ID}/pools\\.yaml$`), "pools", ["client"]],
  [new RegExp(`^inventory/${ID}/pools/${ID}\\.lock\\.yaml$`), "lock", ["client", "name"]],
  [new RegExp(`^inventory/${ID}/vpns\\.yaml$`), "vpns", ["client"]],
  [new RegExp(`^inventory/${ID}/rules\\.yaml$`), "rules", ["client"]],
  [new RegExp(`^inventory/${ID}/${ID}/site\\.yaml$`), "site", ["client", "site"]],
  [new RegExp(`^inventory/${ID}/${ID}/rules\\.yaml$`), "rules", ["client", "site"]],
  [new RegExp(`^inventory/${ID}/${ID}/devices/${ID}\\.yaml$`), "device", ["client", "site", "name"]],
  [new RegExp(`^inventory/${ID}/${ID}/servers/${ID}\\.yaml$`), "server", ["client", "site", "name"]],
  [/^policies\/zones\.yaml$/, "zones", []],
  [/^policies\/services\.yaml$/, "services", []],
  [/^policies\/checks\.yaml$/, "checks", []],
  [new RegExp(`^policies/${ID}/checks\\.yaml$`), "checks", ["client"]],
  [/^policies\/zoning\.yaml$/, "zoning", []],
  [new RegExp(`^policies/${ID}/zoning\\.yaml$`), "zoning", ["client"]],
  [new RegExp(`^policies/${ID}/zones\\.yaml$`), "zones", ["client"]],
  [new RegExp(`^policies/${ID}/services\\.yaml$`), "services", ["client"]],
  [new RegExp(`^policies/${ID}/exceptions\\.yaml$`), "exceptions", ["client"]],
  [new RegExp(`^policies/${ID}/waivers\\.yaml$`), "waivers", ["client"]],
];

/** Tells what a file is from its path below the workspace; undefined where it is none of ours. */
export function identifyFile(path: string): FileIdentity | undefined {
  for (const [pattern, kind, fields] of PATTERNS) {
    const match = pattern.exec(path);
    if (!match) continue;
    const ids: { client?: string; site?: string; name?: string } = {};
    fields.forEach((field, index) => {
      ids[field] = match[index + 1] ?? "";
    });
    if (ids.client === "models") continue;
    return { kind, ...ids };
  }
  return undefined;
}

/** An id that folders and files may have: lower case, digits, inner hyphens; no dot (D1). */
export const ID_PATTERN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
