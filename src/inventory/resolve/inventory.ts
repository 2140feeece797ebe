import { comparePrefixes, formatPrefix } from "../../model/address.ts";
import type { Finding } from "../../model/finding.ts";
import { compareText, sortFindings } from "../../model/finding.ts";
import type { Rule, Site, SiteVpn } from "../../model/site.ts";
import type { Workspace } from "../read/workspace.ts";
import { addressBook, checkMacs } from "./address-book.ts";
import type { SiteBase } from "./base.ts";
import { buildBase } from "./build-base.ts";
import { checkLinks } from "./check-links.ts";
import { checkSettings } from "./check-settings.ts";
import { deviceIntents } from "./device-intents.ts";
import { planDhcp } from "./dhcp.ts";
import type { Doc } from "./documents.ts";
import { Documents } from "./documents.ts";
import { Findings } from "./findings.ts";
import { managementNetworkOf } from "./gateway-intents.ts";
import { linkPorts } from "./link-ports.ts";
import { draftDevices } from "./machines.ts";
import { Models } from "./models.ts";
import type { NamedDevice } from "./names.ts";
import { Names } from "./names.ts";
import { planNat, planVpns } from "./nat-vpn.ts";
import { planVlans } from "./needed-vlans.ts";
import { checkOverlaps } from "./networks.ts";
import type { ClientPolicy } from "./policy.ts";
import { readPolicy } from "./policy.ts";
import { PoolBook } from "./pools.ts";
import { settleRouters } from "./routers.ts";
import { planRoutes } from "./routes.ts";
import { prefixesOf, RuleEnds, readRules } from "./rules.ts";
import { siteBackup } from "./server-intents.ts";
import { siteCalendar, siteHosts, siteLinks, siteNetworks, siteWan } from "./site-parts.ts";
import { resolveHosts } from "./system.ts";
import { planWan } from "./wan.ts";
import { settleZoning } from "./zoning-places.ts";

/** One site resolved, with the findings of its own files and of the files that it builds upon. */
export interface SiteResolution {
  /** Undefined where a file that everything else leans on cannot be read. */
  readonly site: Site | undefined;
  readonly findings: readonly Finding[];
}

/** What is shared by the sites of one client; kept while its sites are resolved one after the other. */
interface ClientContext {
  readonly client: string;
  readonly pools: PoolBook;
  readonly policy: ClientPolicy;
  readonly bases: Map<string, SiteBase>;
  readonly siteNames: readonly string[];
  readonly findings: readonly Finding[];
}

/** An inventory whose sites are resolved one by one, when asked for: a fleet of 10,000 devices is never in memory at once. */
export class Inventory {
  readonly siteIds: readonly string[];
  readonly #documents: Documents;
  readonly #models: Models;
  readonly #modelFindings = new Findings();
  #context: ClientContext | undefined;

  constructor(workspace: Workspace) {
    this.siteIds = workspace.siteIds;
    this.#documents = new Documents(workspace);
    this.#models = new Models(this.#documents, this.#modelFindings);
  }

  /** Resolves one site (`client/site`). Pure: the same texts give the same site and findings. */
  resolve(siteId: string): SiteResolution {
    const [client = "", site = ""] = siteId.split("/");
    const context = this.#clientContext(client);
    const findings = new Findings();
    findings.addAll(context.findings);
    for (const path of ["inventory/provider.yaml", `inventory/${client}/client.yaml`]) {
      const doc = this.#documents.get(path);
      if (doc) findings.addAll(doc.findings);
    }
    const foundations = this.#foundations(client, site);
    if (foundations.some((doc) => doc.broken)) {
      // Without them nearly every name would look dangling: what else is wrong is said once they can be read.
      for (const doc of [...foundations, ...this.#leaves(client, site)]) findings.addAll(doc.findings);
      return { site: undefined, findings: sortFindings(findings.list) };
    }
    const base = buildBase({ documents: this.#documents, client, site, pools: context.pools, findings });
    const sister = (name: string): SiteBase | undefined => this.#sister(context, name);
    const resolved = this.#resolveSite(base, context, sister, findings);
    findings.addAll(this.#modelFindings.list);
    return { site: resolved, findings: sortFindings(findings.list) };
  }

  /** Files that the rest of a site refers to. */
  #foundations(client: string, site: string): Doc[] {
    const paths = [
      "inventory/provider.yaml",
      ...["client", "pools", `${site}/site`].map((name) => `inventory/${client}/${name}.yaml`),
      ...this.#documents.paths("lock", client),
      ...["zones", "services"].flatMap((name) => [
        `policies/${name}.yaml`,
        `policies/${client}/${name}.yaml`,
      ]),
    ];
    return paths.flatMap((path) => this.#documents.get(path) ?? []);
  }

  #leaves(client: string, site: string): Doc[] {
    const paths = (["device", "server", "rules"] as const).flatMap((kind) =>
      this.#documents.paths(kind, client, site),
    );
    return paths.flatMap((path) => this.#documents.once(path) ?? []);
  }

  #clientContext(client: string): ClientContext {
    if (this.#context?.client === client) return this.#context;
    if (this.#context) this.#documents.forget(this.#context.client);
    const findings = new Findings();
    const siteNames = this.siteIds
      .filter((id) => id.startsWith(`${client}/`))
      .map((id) => id.slice(client.length + 1));
    const pools = new PoolBook(this.#documents, client, findings);
    const policy = readPolicy(this.#documents, client, findings);
    this.#context = { client, pools, policy, bases: new Map(), siteNames, findings: [...findings.list] };
    return this.#context;
  }

  /** Another site of the same client, as far as references need it; its own mistakes are reported when it is resolved. */
  #sister(context: ClientContext, site: string): SiteBase | undefined {
    if (!context.siteNames.includes(site)) return undefined;
    const known = context.bases.get(site);
    if (known) return known;
    const silent = new Findings();
    const pools = new PoolBook(this.#documents, context.client, silent);
    const base = buildBase({
      documents: this.#documents,
      client: context.client,
      site,
      pools,
      findings: silent,
    });
    context.bases.set(site, base);
    return base;
  }

  #resolveSite(
    base: SiteBase,
    context: ClientContext,
    sister: (name: string) => SiteBase | undefined,
    findings: Findings,
  ): Site {
    const { settings, places } = base;
    checkSettings(base, findings);
    const others = context.siteNames
      .filter((name) => name !== base.site)
      .flatMap((name) => sister(name) ?? []);
    checkOverlaps(base, others, places, findings);
    const devices = draftDevices({ documents: this.#documents, base, models: this.#models, findings });
    const named = new Map<string, NamedDevice>();
    for (const device of devices.values())
      named.set(device.name, {
        name: device.name,
        at: device.at,
        address: device.address,
        address6: device.address6,
        network: managementNetworkOf(device),
      });
    const names = new Names(base, named, { ids: context.siteNames, get: sister }, findings);
    const cabling = linkPorts(base, devices, findings);
    const vlans = planVlans(base, devices, cabling, findings);
    checkLinks(cabling, vlans, findings);
    const routers = settleRouters(base, devices, findings);
    const wan = planWan(base, devices, findings);
    const book = addressBook({ base, devices, routers, wan, findings });
    checkMacs(base, findings);
    const dns = resolveHosts(settings.dns, places, names);
    const dhcp = planDhcp({ base, routers, names, book, dns, findings });
    const ruleSources = { documents: this.#documents, base, names, policy: context.policy, findings };
    const ends = new RuleEnds(ruleSources);
    checkWanZones(base, ends.zones, context.policy.hasZones, findings);
    const routes = planRoutes({ base, devices, routers, wan, names, findings });
    const { nat, rules: implied } = planNat(ruleSources, ends, wan);
    const rules = [...readRules(ruleSources, ends), ...implied];
    const vpns = planVpns({
      ...ruleSources,
      sister: (name) => (name === base.site ? base : sister(name)),
      siteNames: context.siteNames,
      wan,
    });
    checkWays(rules, vpns, base.id, findings);
    const inside = insideOf([base, ...others]);
    const zoning = settleZoning(context.policy, base, others, findings);
    const plans = {
      base,
      devices,
      cabling,
      vlans,
      routers,
      dhcp,
      wan,
      routes,
      rules,
      nat,
      vpns,
      policy: context.policy,
      names,
      inside,
      findings,
    };
    const clientDoc = this.#documents.get(`inventory/${base.client}/client.yaml`);
    const clientName = clientDoc?.root.entries.get("name")?.value;
    return {
      id: base.id,
      client: base.client,
      site: base.site,
      name: settings.name ?? base.site,
      clientName: clientName?.kind === "scalar" ? String(clientName.value) : base.client,
      origin: base.at,
      timezone: settings.timezone ?? "Etc/UTC",
      criticality: settings.criticality ?? "medium",
      binding: settings.binding ?? "direct",
      gate: settings.gate ?? "required",
      ownership: settings.ownership ?? "claims",
      parallel: settings.parallel ?? 8,
      ...siteCalendar(base),
      networks: siteNetworks(base, routers, dhcp),
      hosts: siteHosts(base, devices, cabling),
      links: siteLinks(cabling, vlans),
      wan: siteWan(wan),
      nat,
      routes: routes.map(({ through: _through, ...route }) => route),
      vpns,
      rules,
      policy: context.policy.policy,
      ...(zoning.length === 0 ? {} : { zoning }),
      waivers: context.policy.waivers,
      backup: siteBackup(base, findings),
      devices: deviceIntents(plans),
    };
  }
}

/** A flow between two sites needs something that joins them; without it no device would let it through, in silence. */
function checkWays(rules: readonly Rule[], vpns: readonly SiteVpn[], own: string, findings: Findings): void {
  for (const rule of rules) {
    const ends = [...rule.from, ...rule.to].map((end) => end.site).filter((site) => site !== undefined);
    const other = ends.includes(own) ? ends.find((site) => site !== own) : undefined;
    if (other === undefined || vpns.some((vpn) => vpn.peerSite === other)) continue;
    findings.report(
      "RUL-NO-WAY",
      rule.origin,
      `${rule.id} joins ${own} and ${other}, and no VPN does`,
      "join the two sites in the client's vpns.yaml, or take the rule away",
    );
  }
}

function checkWanZones(
  base: SiteBase,
  zones: ReadonlySet<string>,
  hasZones: boolean,
  findings: Findings,
): void {
  if (!hasZones) return;
  for (const link of Object.values(base.settings.wan ?? {})) {
    if (link.zone === undefined || zones.has(link.zone)) continue;
    findings.report(
      "REF-ZONE",
      base.places.value(link, "zone"),
      `there is no zone "${link.zone}"`,
      "write internet, or a zone of policies/zones.yaml",
    );
  }
}

/** All blocks of the client's networks, joined where one holds another. */
function insideOf(bases: readonly SiteBase[]): string[] {
  const prefixes = bases
    .flatMap((base) => [...base.networks.values()].flatMap(prefixesOf))
    .sort(comparePrefixes);
  return [...new Set(prefixes.map(formatPrefix))].sort(compareText);
}
