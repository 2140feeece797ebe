import type { FileWhere } from "../../model/finding.ts";
import { mergeLayers, mergeNodes } from "../layers/merge.ts";
import type { ExpandedEntry } from "../layers/ranges.ts";
import { expandKeys } from "../layers/ranges.ts";
import type { DeviceFile, Management, PortSettings } from "../schema/types.gen.ts";
import { checkRequired } from "../shape/check-shape.ts";
import { Places } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { Entry, MapNode, Node } from "../yaml/node.ts";
import { emptyMap, nodeAt } from "../yaml/node.ts";
import type { SettledAddress } from "./addressing.ts";
import { settleAddress } from "./addressing.ts";
import type { SiteBase } from "./base.ts";
import { reportNetwork } from "./build-base.ts";
import type { Documents } from "./documents.ts";
import type { Findings } from "./findings.ts";
import { addressAsked } from "./host-pools.ts";
import { machineLayers, roleNames, roleOf } from "./layers-of.ts";
import type { Model, ModelPort, Models } from "./models.ts";
import { stackPorts } from "./models.ts";

/** A port as the layers have it, with its profile applied; what links and networks add comes later. */
export interface PortEntry {
  /** Short name, as in the model. */
  readonly name: string;
  readonly data: PortSettings;
  readonly places: Places;
  readonly at: FileWhere;
  /** Which of a range's ports this is, from 0. */
  readonly index: number;
  readonly width: number;
}

/** A device with its layers merged. */
export interface DeviceDraft extends SettledAddress {
  readonly name: string;
  readonly path: string;
  readonly at: FileWhere;
  readonly data: DeviceFile;
  readonly places: Places;
  readonly role: string | undefined;
  readonly model: Model;
  /** The model's ports; a stack's for each member. */
  readonly modelPorts: ReadonlyMap<string, ModelPort>;
  readonly ports: ReadonlyMap<string, PortEntry>;
  /** Boxes of a stack or pair that have a management address of their own. */
  readonly memberAddresses: readonly MemberAddress[];
}

export interface MemberAddress extends SettledAddress {
  readonly name: string;
  readonly network: string;
  readonly at: FileWhere;
}

/** What drafting the devices of a site needs. */
export interface MachineSources {
  readonly documents: Documents;
  readonly base: SiteBase;
  readonly models: Models;
  readonly findings: Findings;
}

/** Merges the layers of a site's devices and spells out their ports. Retired and spare devices are left out. */
export function draftDevices(sources: MachineSources): Map<string, DeviceDraft> {
  const out = new Map<string, DeviceDraft>();
  const profiles = new Profiles(sources.base, sources.findings);
  for (const path of sources.documents.paths("device", sources.base.client, sources.base.site)) {
    const draft = draftDevice(path, sources, profiles);
    if (draft && (draft.data.state ?? "active") === "active") out.set(draft.name, draft);
  }
  return out;
}

function draftDevice(path: string, sources: MachineSources, profiles: Profiles): DeviceDraft | undefined {
  const { base, findings, models } = sources;
  const doc = sources.documents.once(path);
  if (!doc) return undefined;
  findings.addAll(doc.findings);
  if (doc.broken || (doc.root.entries.get("model") === undefined && doc.dropped.includes("model"))) {
    findings.markUnreadable(doc.identity.name ?? "");
    return undefined;
  }
  const layers = machineLayers(base.levels, "device", doc.root);
  const modelNode = layers
    .map((layer) => nodeAt(layer.node, ["model"]))
    .findLast((node) => node?.kind === "scalar");
  const modelId = modelNode?.kind === "scalar" ? String(modelNode.value) : undefined;
  const model = modelId === undefined ? undefined : models.get(modelId);
  if (modelNode && modelId !== undefined && !model && !models.ids.includes(modelId)) {
    const near = suggest(modelId, models.ids);
    findings.report(
      "REF-MODEL",
      modelNode.at,
      `there is no model "${modelId}"`,
      near
        ? `did you mean ${near}?`
        : `models: ${listNames(models.ids)}; or describe it in inventory/models/${modelId}.yaml`,
    );
  }
  checkRole(roleOf(base.levels, doc.root), doc.root, sources);
  const members = nodeAt(doc.root, ["members"]);
  const memberNames = members?.kind === "map" ? [...members.entries.keys()] : [];
  const known: Pick<Model, "ports" | "byFullName"> = model
    ? model.data.stack
      ? stackPorts(model, memberNames)
      : model
    : { ports: new Map(), byFullName: new Map() };
  const ports = new Map<string, { node: Node; entry: ExpandedEntry }>();
  for (const layer of layers) mergePorts(ports, layer.node, known, findings);
  const rest = layers.map((layer) => ({ ...layer, node: withoutKey(layer.node, "ports") }));
  const merged = mergeLayers(rest, (finding) => findings.add(finding)) ?? emptyMap(doc.root.at);
  const whole = checkRequired("device", merged, doc.dropped);
  findings.addAll(whole.findings);
  if (!model) {
    findings.markUnreadable(doc.identity.name ?? "");
    return undefined;
  }
  const places = new Places();
  const data = places.read<DeviceFile>(whole.root);
  const name = doc.identity.name ?? "";
  return {
    name,
    path,
    at: doc.root.at,
    data,
    places,
    role: data.role,
    model,
    modelPorts: known.ports,
    ports: portEntries(name, ports, known.ports, profiles, sources, model),
    ...settleManagement(name, data.management ?? memberManagement(data), places, base, findings),
    memberAddresses: Object.entries(data.members ?? {}).flatMap(([member, entry]) => {
      if (!entry.management?.network) return [];
      const settled = settleManagement(`${name} ${member}`, entry.management, places, base, findings);
      return [
        { name: member, network: entry.management.network, at: places.of(entry.management), ...settled },
      ];
    }),
  };
}

function checkRole(role: string | undefined, root: MapNode, sources: MachineSources): void {
  if (role === undefined) return;
  const known = roleNames(sources.base.levels);
  if (known.includes(role)) return;
  const where = nodeAt(root, ["role"])?.at ?? root.at;
  const near = suggest(role, known);
  sources.findings.report(
    "REF-ROLE",
    where,
    `no layer defines the role "${role}"`,
    near
      ? `did you mean ${near}?`
      : known.length > 0
        ? `roles: ${listNames(known)}`
        : "write it below `roles:` of provider.yaml, client.yaml or site.yaml",
  );
}

function withoutKey(node: MapNode, key: string): MapNode {
  if (!node.entries.has(key)) return node;
  const entries = new Map<string, Entry>(node.entries);
  entries.delete(key);
  return { ...node, entries };
}

/** Ranges expand before layers merge, so that a site's `GE0/0/7` can differ from its role's `GE0/0/1-24`. */
function mergePorts(
  into: Map<string, { node: Node; entry: ExpandedEntry }>,
  layer: MapNode,
  known: Pick<Model, "ports" | "byFullName">,
  findings: Findings,
): void {
  const node = nodeAt(layer, ["ports"]);
  if (node?.kind !== "map") return;
  const isExact = (name: string): boolean => known.ports.has(name) || known.byFullName.has(name);
  for (const [written, entry] of expandKeys(node, isExact, (finding) => findings.add(finding))) {
    const name = known.byFullName.get(written) ?? written;
    const merged = mergeNodes(into.get(name)?.node, entry.value, (finding) => findings.add(finding));
    if (merged) into.set(name, { node: merged, entry });
    else into.delete(name);
  }
}

function portEntries(
  device: string,
  ports: ReadonlyMap<string, { node: Node; entry: ExpandedEntry }>,
  known: ReadonlyMap<string, ModelPort>,
  profiles: Profiles,
  sources: MachineSources,
  model: Model,
): Map<string, PortEntry> {
  const out = new Map<string, PortEntry>();
  for (const [name, { node, entry }] of ports) {
    if (known.size > 0 && !known.has(name)) {
      const near = suggest(name, known.keys());
      sources.findings.report(
        "PORT-UNKNOWN",
        entry.keyAt,
        `${device}: the model ${model.data.name ?? model.id} has no port ${name}`,
        near ? `did you mean ${near}?` : `ports: ${listNames(known.keys(), 6)}`,
      );
      continue;
    }
    const settings = profiles.apply(node);
    out.set(name, { name, ...settings, at: entry.keyAt, index: entry.index, width: entry.width });
  }
  return out;
}

/** Lays ports over their profiles; ports of one range share one result. */
class Profiles {
  readonly #node: MapNode | undefined;
  readonly #findings: Findings;
  readonly #cache = new Map<Node, { readonly data: PortSettings; readonly places: Places }>();

  constructor(base: SiteBase, findings: Findings) {
    const node = nodeAt(base.merged, ["profiles"]);
    this.#node = node?.kind === "map" ? node : undefined;
    this.#findings = findings;
  }

  apply(port: Node): { readonly data: PortSettings; readonly places: Places } {
    const known = this.#cache.get(port);
    if (known) return known;
    const places = new Places();
    const merged = this.#over(port, 0);
    const result = { data: places.read<PortSettings>(merged), places };
    this.#cache.set(port, result);
    return result;
  }

  #over(port: Node, depth: number): MapNode {
    const own = port.kind === "map" ? port : emptyMap(port.at);
    const profile = own.entries.get("profile")?.value;
    if (profile?.kind !== "scalar" || profile.value === null) return own;
    const found = this.#node?.entries.get(String(profile.value))?.value;
    if (!found || depth > 4) {
      const names = this.#node ? [...this.#node.entries.keys()] : [];
      const near = suggest(String(profile.value), names);
      const message = found
        ? `the profile "${profile.source}" builds upon itself`
        : `there is no port profile "${profile.source}"`;
      this.#findings.report(
        "REF-PROFILE",
        profile.at,
        message,
        near && !found
          ? `did you mean ${near}?`
          : names.length > 0
            ? `profiles: ${listNames(names)}`
            : "write it below `profiles:`",
      );
      return own;
    }
    const merged = mergeNodes(this.#over(found, depth + 1), own);
    return merged?.kind === "map" ? merged : own;
  }
}

function memberManagement(data: DeviceFile): Management | undefined {
  return Object.values(data.members ?? {}).find((member) => member.management)?.management;
}

/** Settles where a device is reached. A stack or pair without an address of its own is reached at its first member. */
function settleManagement(
  name: string,
  own: Management | undefined,
  places: Places,
  base: SiteBase,
  findings: Findings,
): SettledAddress {
  const none = { address: undefined, address6: undefined };
  if (!own) return none;
  if (own.network === undefined) {
    findings.report(
      "INV-MISSING-KEY",
      places.of(own),
      `${name}: management lacks the key "network"`,
      "add network: the network that the device is managed in",
    );
    return none;
  }
  const network = base.networks.get(own.network);
  if (!network) {
    reportNetwork(own.network, places.value(own, "network"), base.networks, findings);
    return none;
  }
  const asker = { user: `${base.site}/${name}`, places, pools: base.pools, findings };
  const address = addressAsked(own, asker);
  if (address === undefined && own.pool !== undefined) findings.markUnreadable(name);
  const request = {
    address,
    address6: own.address6,
    where: places.value(own, "address"),
    where6: places.value(own, "address6"),
    what: name,
  };
  return settleAddress(request, network, findings);
}
