import { type Finding, isFileWhere, type Where } from "../../model/finding.ts";

/** What a place belongs to; absent parts mean: all of them. */
export interface Belonging {
  readonly client?: string;
  readonly site?: string;
  readonly device?: string;
}

/** Tells the client, site and device that a place belongs to, by the folders of the workspace. */
export function belongsTo(where: Where): Belonging {
  if (!isFileWhere(where)) {
    const [client, site, device] = where.device.split("/");
    return parts(client, site, device);
  }
  const [room, client, site, folder, name] = where.file.split("/");
  if (room === "policies") return client?.includes(".") ? {} : parts(client);
  if (room !== "inventory" || client === undefined || client.includes(".") || client === "models") return {};
  if (site === undefined || site.includes(".") || site === "pools") return parts(client);
  if (folder !== "devices" && folder !== "servers") return parts(client, site);
  return parts(client, site, name?.replace(/\.ya?ml$/, ""));
}

function parts(client?: string, site?: string, device?: string): Belonging {
  return {
    ...(client === undefined ? {} : { client }),
    ...(site === undefined ? {} : { site }),
    ...(device === undefined ? {} : { device }),
  };
}

/** Tells whether a finding concerns a site: its own places, its client's, or the provider's. */
export function concerns(finding: Finding, client: string, site: string): boolean {
  const place = belongsTo(finding.where);
  return (place.client ?? client) === client && (place.site ?? site) === site;
}
