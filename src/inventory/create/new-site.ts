import { formatPrefix, overlaps, type Prefix, parsePrefix } from "../../model/address.ts";
import { spellPlainYaml } from "../yaml/plain-yaml.ts";
import { checkName, type Draft, type Ground, mostCommon, WishError } from "./draft.ts";

/** What a person says of a new site. */
export interface SiteWish {
  /** As people call it. */
  readonly title: string | undefined;
  /** IANA name. */
  readonly timezone: string | undefined;
}

const SITE_SIZE = 1n << 16n;
const MANAGEMENT_VLAN = 99;

/** A site that resolves: a free /16 of 10.0.0.0/8 for its networks, a management network, VLANs for unused ports and
 *  for trunks. A new client gets its file too. Devices come with `new device`. */
export function newSite(ground: Ground, id: string, wish: SiteWish): Draft {
  const [client = "", name, ...rest] = id.split("/");
  if (name === undefined || rest.length > 0)
    throw new WishError(`"${id}" is not CLIENT/SITE`, "type: sitewright new site acme/leeds");
  const sisters = ground.sites.filter((site) => site.client === client);
  checkName(
    name,
    sisters.map((site) => site.site),
    "site",
  );
  checkName(client, [], "client");
  const timezone = wish.timezone ?? mostCommon(sisters.map((site) => site.timezone));
  if (timezone === undefined)
    throw new WishError("the first site of a client wants a time zone", "add --timezone Europe/London");
  const home = freeHome(ground);
  const zone = managementZone(ground, client);
  const site = spellPlainYaml({
    name: wish.title ?? name,
    timezone,
    networks: {
      mgmt: {
        vlan: MANAGEMENT_VLAN,
        zone,
        ipv4: formatPrefix({ ...home, base: home.base + BigInt(MANAGEMENT_VLAN) * 256n, length: 24 }),
      },
      parking: { vlan: 998, purpose: "parking" },
      native: { vlan: 999, purpose: "native" },
    },
  });
  const files = new Map([[`inventory/${id}/site.yaml`, site]]);
  const clientFile = `inventory/${client}/client.yaml`;
  if (!ground.texts.has(clientFile)) files.set(clientFile, spellPlainYaml({ name: client }));
  return { files, chosen: [`networks in ${formatPrefix(home)}`, timezone, `management in zone ${zone}`] };
}

/** The zone that management networks lie in elsewhere; the policies of a new client are the common ones. */
function managementZone(ground: Ground, client: string): string {
  const zones = ground.sites
    .filter((site) => site.client === client || ground.sites.every((other) => other.client !== client))
    .flatMap((site) => site.networks.filter(({ name }) => name === "mgmt").flatMap(({ zone }) => zone ?? []));
  return mostCommon(zones) ?? "mgmt";
}

function freeHome(ground: Ground): Prefix {
  const taken = ground.sites.flatMap((site) =>
    site.networks.flatMap(({ ipv4 }) => (ipv4 === undefined ? [] : (parsePrefix(ipv4)?.prefix ?? []))),
  );
  const ten = parsePrefix("10.0.0.0/16")?.prefix;
  if (ten === undefined) throw new Error("10.0.0.0/16 is a prefix");
  for (let count = 1n; count < 256n; count += 1n) {
    const home: Prefix = { ...ten, base: ten.base + count * SITE_SIZE };
    if (!taken.some((prefix) => overlaps(prefix, home))) return home;
  }
  throw new WishError("every /16 of 10.0.0.0/8 is in use", "write the site by hand");
}
