import type { FileWhere } from "../../model/finding.ts";
import type { PortIntent } from "../../model/intent.ts";
import type { Layer } from "../layers/merge.ts";
import { mergeNodes } from "../layers/merge.ts";
import { expandKeys } from "../layers/ranges.ts";
import type { Workspace } from "../read/workspace.ts";
import { toPlain } from "../shape/plain.ts";
import { listNames, suggest } from "../shape/suggest.ts";
import type { Node } from "../yaml/node.ts";
import { nodeAt } from "../yaml/node.ts";
import { Documents } from "./documents.ts";
import { Findings } from "./findings.ts";
import { Inventory } from "./inventory.ts";
import { levelsOf, machineLayers, siteLayers } from "./layers-of.ts";
import type { Model } from "./models.ts";
import { Models, stackPorts } from "./models.ts";

/** One layer that says something about a value. `effect`: `sets` it, `merges` keys into it, `changes` a list, `removes`
 *  it, or is `overridden` by a more special one. */
export interface ExplainedLayer {
  readonly layer: string;
  readonly effect: "sets" | "merges" | "changes" | "removes" | "overridden";
  readonly value: unknown;
  readonly where: FileWhere;
}

/** Where a value comes from: its layers from general to special. */
export interface Explanation {
  readonly path: string;
  /** Undefined where no layer sets it or the last one takes it away. */
  readonly value: unknown;
  readonly layers: readonly ExplainedLayer[];
  /** What was derived where no layer speaks, and from where. */
  readonly derived?: { readonly value: unknown; readonly where: FileWhere };
}

/** The path leads nowhere. */
export interface ExplainMiss {
  readonly message: string;
  readonly hint: string;
}

/** Tells where a value comes from through the layers.
 *  @param path - `networks.office.gateway`, `sw-1f.role` or `sw-1f:GE0/0/7.profile` */
export function explainValue(workspace: Workspace, siteId: string, path: string): Explanation | ExplainMiss {
  const [client = "", site = ""] = siteId.split("/");
  const documents = new Documents(workspace);
  const levels = levelsOf(documents, client, site);
  const known = machinesOf(documents, client, site);
  const colon = path.indexOf(":");
  const dot = path.indexOf(".");
  const machine = path.slice(0, Math.min(...[colon, dot, path.length].filter((at) => at >= 0)));
  const file = known.get(machine);
  if (!file) return explainSite(levels, path, [...known.keys()]);
  const doc = documents.get(file.path);
  if (!doc) return { message: `${file.path} cannot be read`, hint: "run sitewright validate" };
  const layers = machineLayers(levels, file.kind, doc.root);
  if (colon >= 0 && colon === machine.length)
    return explainPort({ workspace, documents, levels, layers, siteId, machine, path });
  const keys = dot < 0 ? [] : path.slice(dot + 1).split(".");
  return explain(path, layers, keys);
}

function machinesOf(
  documents: Documents,
  client: string,
  site: string,
): Map<string, { path: string; kind: "device" | "server" }> {
  const out = new Map<string, { path: string; kind: "device" | "server" }>();
  for (const kind of ["device", "server"] as const) {
    for (const path of documents.paths(kind, client, site))
      out.set(path.slice(path.lastIndexOf("/") + 1, -".yaml".length), { path, kind });
  }
  return out;
}

function explainSite(
  levels: readonly Layer[],
  path: string,
  machines: readonly string[],
): Explanation | ExplainMiss {
  const keys = path.split(".");
  // Hosts are looked up from site to provider rather than merged, and roles and defaults belong to machines: all levels count.
  const scoped =
    keys[0] === "hosts" || keys[0] === "roles" || keys[0] === "defaults" ? levels : siteLayers(levels);
  const result = explain(path, scoped, keys);
  if (result.layers.length > 0) return result;
  const names = [...machines, ...scoped.flatMap((layer) => [...layer.node.entries.keys()])];
  const near = suggest(keys[0] ?? "", names);
  return {
    message: `no layer says anything about ${path}`,
    hint: near && near !== keys[0] ? `did you mean ${near}?` : `start with one of: ${listNames(names)}`,
  };
}

function explain(path: string, layers: readonly Layer[], keys: readonly string[]): Explanation {
  const found: { layer: string; node: Node }[] = [];
  for (const layer of layers) {
    const node = nodeAt(layer.node, keys);
    if (node) found.push({ layer: layer.name, node });
  }
  return settle(path, found);
}

function settle(
  path: string,
  found: readonly { readonly layer: string; readonly node: Node }[],
): Explanation {
  let merged: Node | undefined;
  let lastWhole = 0;
  found.forEach(({ node }, index) => {
    merged = mergeNodes(merged, node);
    if (node.kind === "scalar" || node.kind === "list") lastWhole = index;
  });
  const layers = found.map(({ layer, node }, index): ExplainedLayer => {
    const value =
      node.kind === "patch"
        ? { add: node.add.map(toPlain), remove: node.remove.map(toPlain) }
        : toPlain(node);
    return { layer, effect: index < lastWhole ? "overridden" : effectOf(node), value, where: node.at };
  });
  return { path, value: merged && toPlain(merged), layers };
}

function effectOf(node: Node): ExplainedLayer["effect"] {
  if (node.kind === "map") return "merges";
  if (node.kind === "patch") return "changes";
  return node.kind === "scalar" && node.value === null ? "removes" : "sets";
}

interface PortQuestion {
  readonly workspace: Workspace;
  readonly documents: Documents;
  readonly levels: readonly Layer[];
  readonly layers: readonly Layer[];
  readonly siteId: string;
  readonly machine: string;
  readonly path: string;
}

/** A port's layers: its profile (of each level) first, then what each layer says of the port itself. */
function explainPort(question: PortQuestion): Explanation | ExplainMiss {
  const rest = question.path.slice(question.machine.length + 1);
  const dot = rest.indexOf(".");
  const written = dot < 0 ? rest : rest.slice(0, dot);
  const keys = dot < 0 ? [] : rest.slice(dot + 1).split(".");
  const ports = portsOf(question);
  const name = ports.byFullName.get(written) ?? written;
  if (ports.ports.size > 0 && !ports.ports.has(name)) {
    const near = suggest(written, ports.ports.keys());
    return {
      message: `${question.machine} has no port ${written}`,
      hint: near ? `did you mean ${near}?` : `ports: ${listNames(ports.ports.keys(), 6)}`,
    };
  }
  const own: { layer: string; node: Node }[] = [];
  for (const layer of question.layers) {
    const node = nodeAt(layer.node, ["ports"]);
    if (node?.kind !== "map") continue;
    const entry = expandKeys(
      node,
      (one) => ports.ports.has(one) || ports.byFullName.has(one),
      () => {},
    );
    const found = [...entry].find(([key]) => key === name || ports.byFullName.get(key) === name);
    if (found) own.push({ layer: layer.name, node: found[1].value });
  }
  const profile = own
    .map(({ node }) => nodeAt(node, ["profile"]))
    .findLast((node) => node?.kind === "scalar");
  const fromProfile = profile?.kind === "scalar" ? profileLayers(question.levels, String(profile.value)) : [];
  const found = [...fromProfile, ...own].flatMap(({ layer, node }) => {
    const value = nodeAt(node, keys);
    return value ? [{ layer, node: value }] : [];
  });
  const result = settle(question.path, found);
  return found.length > 0 ? result : withDerived(result, question, name, ports, keys[0]);
}

function profileLayers(levels: readonly Layer[], name: string): { layer: string; node: Node }[] {
  return levels.flatMap((level) => {
    const node = nodeAt(level.node, ["profiles", name]);
    return node ? [{ layer: `${level.name} profile ${name}`, node }] : [];
  });
}

function portsOf({ documents, layers }: PortQuestion): Pick<Model, "ports" | "byFullName"> {
  const node = layers.map((layer) => nodeAt(layer.node, ["model"])).findLast((one) => one?.kind === "scalar");
  const model =
    node?.kind === "scalar" ? new Models(documents, new Findings()).get(String(node.value)) : undefined;
  if (!model) return { ports: new Map(), byFullName: new Map() };
  const members = layers
    .map((layer) => nodeAt(layer.node, ["members"]))
    .findLast((one) => one?.kind === "map");
  return model.data.stack && members?.kind === "map" ? stackPorts(model, [...members.entries.keys()]) : model;
}

/** What no file says can still follow from a link or from being unused: the resolved port tells. */
function withDerived(
  result: Explanation,
  question: PortQuestion,
  name: string,
  ports: Pick<Model, "ports">,
  key: string | undefined,
): Explanation {
  const { site } = new Inventory(question.workspace).resolve(question.siteId);
  const fullName = ports.ports.get(name)?.fullName ?? name;
  const port = site?.devices
    .find((device) => device.name === question.machine)
    ?.ports.find((one) => one.name === fullName);
  if (!port) return result;
  return { ...result, derived: { value: derivedValue(port, key), where: port.origin } };
}

function derivedValue(port: PortIntent, key: string | undefined): unknown {
  const { origin: _origin, ...whole } = port;
  const names: Readonly<Record<string, keyof PortIntent>> = {
    network: "accessVlan",
    tagged: "taggedVlans",
    native: "nativeVlan",
    voice: "voiceVlan",
    to: "peer",
    mtu: "mtuBytes",
    stormControl: "stormControlPercent",
  };
  if (key === undefined) return whole;
  return port[names[key] ?? (key as keyof PortIntent)];
}
