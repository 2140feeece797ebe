import type { Address, Prefix } from "../../model/address.ts";
import type { FileWhere } from "../../model/finding.ts";
import type { Layer } from "../layers/merge.ts";
import type { HostEntry, Network as NetworkEntry, ServerFile, SiteFile } from "../schema/types.gen.ts";
import type { Places } from "../shape/plain.ts";
import type { MapNode } from "../yaml/node.ts";
import type { PoolBook } from "./pools.ts";

/** What the sites of a client must know of each other: networks, hosts and servers with their addresses. */
export interface SiteBase {
  /** `client/site`. */
  readonly id: string;
  readonly client: string;
  readonly site: string;
  readonly at: FileWhere;
  readonly levels: readonly Layer[];
  readonly merged: MapNode;
  readonly settings: SiteFile;
  readonly places: Places;
  readonly networks: ReadonlyMap<string, NetworkDraft>;
  readonly hosts: ReadonlyMap<string, HostDraft>;
  readonly servers: ReadonlyMap<string, ServerDraft>;
  readonly pools: PoolBook;
}

/** A network with its prefixes settled; its routers come later, with the devices. */
export interface NetworkDraft {
  readonly name: string;
  readonly data: NetworkEntry;
  readonly at: FileWhere;
  readonly prefix4: Prefix | undefined;
  readonly prefix6: Prefix | undefined;
  readonly secondary: readonly Prefix[];
  /** What hosts use as their router. */
  readonly gateway4: Address | undefined;
  readonly gateway6: Address | undefined;
  readonly pools: readonly string[];
}

/** Which level a name was found on. */
export type Scope = "site" | "client" | "provider";

/** A host with its addresses settled. */
export interface HostDraft {
  readonly name: string;
  readonly scope: Scope;
  readonly data: HostEntry;
  readonly at: FileWhere;
  readonly address: Address | undefined;
  readonly address6: Address | undefined;
}

/** A server with its layers merged and the addresses of its interfaces settled. */
export interface ServerDraft {
  readonly name: string;
  readonly path: string;
  readonly data: ServerFile;
  readonly places: Places;
  readonly at: FileWhere;
  readonly interfaces: readonly InterfaceDraft[];
}

export interface InterfaceDraft {
  readonly name: string;
  readonly network: string;
  readonly at: FileWhere;
  readonly address: Address | undefined;
  readonly address6: Address | undefined;
}
