import type { Address } from "../../model/address.ts";
import { parseAddress } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { HostDraft, NetworkDraft, ServerDraft, SiteBase } from "./base.ts";
import type { Findings } from "./findings.ts";

/** What a name means. */
export type Found =
  | { readonly kind: "network"; readonly site: SiteBase; readonly network: NetworkDraft }
  | { readonly kind: "host"; readonly site: SiteBase; readonly host: HostDraft }
  | { readonly kind: "server"; readonly site: SiteBase; readonly server: ServerDraft }
  | { readonly kind: "device"; readonly device: NamedDevice };

/** A device of the site, as far as names need it. */
export interface NamedDevice {
  readonly name: string;
  readonly at: FileWhere;
  readonly address: Address | undefined;
  readonly address6: Address | undefined;
  readonly network: string | undefined;
}

/** Looks names up in the site, then the client, then the provider, and `site/name` in a sister site; never across clients. */
export class Names {
  readonly #own: SiteBase;
  readonly #sister: (site: string) => SiteBase | undefined;
  readonly #sisterIds: readonly string[];
  readonly #devices: ReadonlyMap<string, NamedDevice>;
  readonly #findings: Findings;

  constructor(
    own: SiteBase,
    devices: ReadonlyMap<string, NamedDevice>,
    sisters: { readonly ids: readonly string[]; get(site: string): SiteBase | undefined },
    findings: Findings,
  ) {
    this.#own = own;
    this.#devices = devices;
    this.#sisterIds = sisters.ids;
    this.#sister = (site) => sisters.get(site);
    this.#findings = findings;
    this.#checkUnique();
  }

  /** One namespace: a network, host, device and server of one name would make every reference a guess. */
  #checkUnique(): void {
    const seen = new Map<string, { what: string; at: FileWhere }>();
    const claim = (name: string, what: string, at: FileWhere): void => {
      const known = seen.get(name);
      if (!known) seen.set(name, { what, at });
      else
        this.#findings.report(
          "IPP-009",
          at,
          `"${name}" is a ${what} here and a ${known.what} too`,
          "rename one of them: a name means one thing at a site",
          { related: [known.at] },
        );
    };
    for (const network of this.#own.networks.values()) claim(network.name, "network", network.at);
    for (const host of this.#own.hosts.values()) if (host.scope === "site") claim(host.name, "host", host.at);
    for (const device of this.#devices.values()) claim(device.name, "device", device.at);
    for (const server of this.#own.servers.values()) claim(server.name, "server", server.at);
  }

  /** Finds what a name means; reports a dangling one with what was probably meant. */
  find(ref: string, where: FileWhere): Found | undefined {
    const slash = ref.indexOf("/");
    if (slash < 0) {
      const found = this.#in(this.#own, ref, true);
      if (!found) this.#dangling(ref, where, this.all());
      return found;
    }
    const site = ref.slice(0, slash);
    const name = ref.slice(slash + 1);
    if (site === this.#own.site) return this.find(name, where);
    if (name.includes("/")) {
      this.#findings.report(
        "REF-CLIENT",
        where,
        `"${ref}" would lead to another client`,
        "no reference crosses clients; within a client write SITE/NAME",
      );
      return undefined;
    }
    const sister = this.#sister(site);
    if (!sister) {
      const near = suggest(site, this.#sisterIds);
      this.#findings.report(
        "REF-SITE",
        where,
        `the client has no site "${site}"`,
        near ? `did you mean ${near}/${name}?` : `sites of this client: ${listNames(this.#sisterIds)}`,
      );
      return undefined;
    }
    const found = this.#in(sister, name, false);
    if (!found)
      this.#dangling(
        ref,
        where,
        [...sister.networks.keys(), ...sister.hosts.keys(), ...sister.servers.keys()].map(
          (one) => `${site}/${one}`,
        ),
      );
    return found;
  }

  #in(site: SiteBase, name: string, own: boolean): Found | undefined {
    const network = site.networks.get(name);
    if (network) return { kind: "network", site, network };
    const device = own ? this.#devices.get(name) : undefined;
    if (device) return { kind: "device", device };
    const server = site.servers.get(name);
    if (server) return { kind: "server", site, server };
    const host = site.hosts.get(name);
    return host && { kind: "host", site, host };
  }

  /** Every name that can be written without a site. */
  all(): string[] {
    return [
      ...this.#own.networks.keys(),
      ...this.#devices.keys(),
      ...this.#own.servers.keys(),
      ...this.#own.hosts.keys(),
    ];
  }

  #dangling(ref: string, where: FileWhere, known: readonly string[]): void {
    const near = suggest(ref, known);
    this.#findings.report(
      "REF-NAME",
      where,
      `nothing here is called "${ref}"`,
      near ? `did you mean ${near}?` : `known names: ${listNames(known)}`,
      { about: ref.slice(ref.indexOf("/") + 1) },
    );
  }

  /** The addresses of a host, server or device by its name, or of an address as written; IPv4 first. */
  addresses(ref: string, where: FileWhere): Address[] {
    const literal = parseAddress(ref);
    if (literal) return [literal];
    if (/^[0-9.]+$/.test(ref) || /^[0-9a-fA-F]*:[0-9a-fA-F:]*$/.test(ref)) {
      this.#findings.report(
        "IPP-ADDRESS",
        where,
        `"${ref}" is no address`,
        "write four numbers from 0 to 255, an IPv6 address, or a name",
      );
      return [];
    }
    const found = this.find(ref, where);
    if (!found) return [];
    if (found.kind === "network") {
      this.#findings.report(
        "REF-KIND",
        where,
        `"${ref}" is a network; a host is wanted here`,
        "name a host, a server or a device, or write an address",
      );
      return [];
    }
    const addresses = addressesOf(found);
    if (addresses.length === 0)
      this.#findings.report(
        "REF-NO-ADDRESS",
        where,
        `"${ref}" has no address`,
        "give it one where it is defined",
        { about: ref },
      );
    return addresses;
  }
}

/** The addresses of what a name means; none for networks. */
export function addressesOf(found: Found): Address[] {
  const pairs =
    found.kind === "host"
      ? [found.host]
      : found.kind === "device"
        ? [found.device]
        : found.kind === "server"
          ? found.server.interfaces
          : [];
  return pairs
    .flatMap((pair) => [pair.address, pair.address6].filter((address) => address !== undefined))
    .sort((a, b) => a.version - b.version);
}
