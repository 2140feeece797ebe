import type { Site } from "../../model/site.ts";
import { identifyFile } from "../read/file-kind.ts";
import type { Workspace } from "../read/workspace.ts";
import type { MapNode, Node } from "../yaml/node.ts";
import { nodeAt } from "../yaml/node.ts";
import { parseYaml } from "../yaml/yaml.ts";

/** What device and model files say that a resolved site does not hold; the check catalogue reads it. */
export interface InventoryDeviceFacts {
  readonly state: "active" | "spare" | "retired";
  readonly endOfLife?: string;
  readonly minimumFirmware?: string;
  readonly approvedFirmware?: readonly string[];
  readonly heartbeat?: readonly string[];
}

export interface InventorySiteFacts {
  /** By the device's name; retired and spare ones included. */
  readonly devices: ReadonlyMap<string, InventoryDeviceFacts>;
  /** Boxes with `state: spare` of the same client, by model. */
  readonly spares: ReadonlyMap<string, number>;
}

type ModelFacts = Pick<InventoryDeviceFacts, "endOfLife" | "minimumFirmware" | "approvedFirmware">;

/** Reads the facts of sites, by site id. Mistakes in the files are told by resolving: here they only lack. */
export function siteFacts(
  workspace: Workspace,
  sites: readonly Site[],
): ReadonlyMap<string, InventorySiteFacts> {
  const models = new Map<string, ModelFacts>();
  const wanted = new Set(sites.map((site) => site.client));
  const devices = new Map<string, Map<string, InventoryDeviceFacts>>();
  const spares = new Map<string, Map<string, number>>();
  for (const [path, text] of workspace.files) {
    const identity = identifyFile(path);
    const { client, site, name } = identity ?? {};
    if (identity?.kind !== "device" && identity?.kind !== "server") continue;
    if (client === undefined || site === undefined || name === undefined || !wanted.has(client)) continue;
    const { root } = parseYaml(path, text);
    const state = stateOf(root);
    const own = devices.get(`${client}/${site}`) ?? new Map<string, InventoryDeviceFacts>();
    devices.set(`${client}/${site}`, own);
    own.set(name, { state, ...heartbeatOf(root) });
    const model = textAt(root, ["model"]);
    if (state !== "spare" || model === undefined) continue;
    const shelf = spares.get(client) ?? new Map<string, number>();
    spares.set(client, shelf.set(model, (shelf.get(model) ?? 0) + 1));
  }
  return new Map(
    sites.map((site) => {
      const own = new Map(devices.get(site.id));
      for (const device of site.devices) {
        const facts = modelFacts(workspace, device.model, models);
        own.set(device.name, { ...(own.get(device.name) ?? { state: "active" }), ...facts });
      }
      return [site.id, { devices: own, spares: spares.get(site.client) ?? new Map<string, number>() }];
    }),
  );
}

function modelFacts(workspace: Workspace, model: string, known: Map<string, ModelFacts>): ModelFacts {
  const before = known.get(model);
  if (before) return before;
  const path = `inventory/models/${model}.yaml`;
  const text = workspace.files.get(path);
  const root = text === undefined ? undefined : parseYaml(path, text).root;
  const endOfLife = textAt(root, ["endOfLife"]);
  const minimumFirmware = textAt(root, ["firmware", "minimum"]);
  const approved = nodeAt(root, ["firmware", "approved"]);
  const made = {
    ...(endOfLife === undefined ? {} : { endOfLife }),
    ...(minimumFirmware === undefined ? {} : { minimumFirmware }),
    ...(approved?.kind === "list" ? { approvedFirmware: approved.items.flatMap(sourceOf) } : {}),
  };
  known.set(model, made);
  return made;
}

function stateOf(root: MapNode): InventoryDeviceFacts["state"] {
  const text = textAt(root, ["state"]);
  return text === "spare" || text === "retired" ? text : "active";
}

function heartbeatOf(root: MapNode): Pick<InventoryDeviceFacts, "heartbeat"> {
  const ports = nodeAt(root, ["ha", "heartbeat"]);
  return ports?.kind === "list" ? { heartbeat: ports.items.flatMap(sourceOf) } : {};
}

function textAt(root: Node | undefined, path: readonly string[]): string | undefined {
  const node = nodeAt(root, path);
  return node === undefined ? undefined : sourceOf(node)[0];
}

function sourceOf(node: Node): string[] {
  return node.kind === "scalar" && node.value !== null ? [node.source] : [];
}
