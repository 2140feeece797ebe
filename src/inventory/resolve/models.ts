import type { FileWhere } from "../../model/finding.ts";
import { expandRange } from "../layers/ranges.ts";
import type { ModelFile } from "../schema/types.gen.ts";
import { Places } from "../shape/plain.ts";
import { rateBps } from "../units.ts";
import type { Documents } from "./documents.ts";
import type { Findings } from "./findings.ts";

/** A port that a model has. */
export interface ModelPort {
  /** Short name as used in the inventory, `GE0/0/1`. */
  readonly name: string;
  /** The platform's own name, `GigabitEthernet0/0/1`. */
  readonly fullName: string;
  readonly speedBps: number;
  readonly management: boolean;
}

/** What a model of hardware has, ranges spelled out. */
export interface Model {
  readonly id: string;
  readonly data: ModelFile;
  readonly at: FileWhere;
  /** By short name, in the order of the catalogue. */
  readonly ports: ReadonlyMap<string, ModelPort>;
  /** Full names to short ones. */
  readonly byFullName: ReadonlyMap<string, string>;
}

/** Reads the catalogue of models; each is parsed when first asked for. */
export class Models {
  readonly #documents: Documents;
  readonly #findings: Findings;
  readonly #cache = new Map<string, Model | undefined>();

  constructor(documents: Documents, findings: Findings) {
    this.#documents = documents;
    this.#findings = findings;
  }

  get ids(): readonly string[] {
    return this.#documents
      .paths("model")
      .map((path) => path.slice("inventory/models/".length, -".yaml".length));
  }

  get(id: string): Model | undefined {
    if (!this.#cache.has(id)) this.#cache.set(id, this.#read(id));
    return this.#cache.get(id);
  }

  #read(id: string): Model | undefined {
    const doc = this.#documents.get(`inventory/models/${id}.yaml`);
    if (!doc) return undefined;
    this.#findings.addAll(doc.findings);
    const places = new Places();
    const data = places.read<ModelFile>(doc.root);
    if (!data.kind || !data.platform || !data.ports) return undefined;
    const ports = new Map<string, ModelPort>();
    for (const [key, port] of Object.entries(data.ports)) {
      const names = expandRange(key) ?? [key];
      const fullNames = port.name ? (expandRange(port.name) ?? [port.name]) : names;
      if (fullNames.length !== names.length) {
        this.#findings.report(
          "INV-MODEL-RANGE",
          places.value(port, "name"),
          `${key} spells ${names.length} ports and ${port.name ?? ""} ${fullNames.length}`,
          "give both names the same range",
        );
        continue;
      }
      names.forEach((name, index) => {
        const fullName = fullNames[index] ?? name;
        ports.set(name, {
          name,
          fullName,
          speedBps: rateBps(port.speed ?? "1Gbps"),
          management: port.management ?? false,
        });
      });
    }
    return { id, data, at: doc.root.at, ports, byFullName: fullNameIndex(ports) };
  }
}

function fullNameIndex(ports: ReadonlyMap<string, ModelPort>): Map<string, string> {
  return new Map([...ports.values()].map((port) => [port.fullName, port.name]));
}

/** Gives a stack's ports: each member has the model's ports with its own number in front (`GE0/0/1`, `GE1/0/1`). */
export function stackPorts(model: Model, members: readonly string[]): Pick<Model, "ports" | "byFullName"> {
  const numbered = members.filter((name) => /^\d+$/.test(name));
  if (numbered.length === 0) return model;
  const ports = new Map<string, ModelPort>();
  for (const member of numbered) {
    for (const port of model.ports.values()) {
      const name = renumber(port.name, member);
      ports.set(name, { ...port, name, fullName: renumber(port.fullName, member) });
    }
  }
  return { ports, byFullName: fullNameIndex(ports) };
}

function renumber(name: string, member: string): string {
  return name.replace(/\d+(?=\/)/, member);
}
