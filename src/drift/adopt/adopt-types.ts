import type { FullDriver } from "../../drivers/driver.ts";
import type { Workspace } from "../../inventory/read/workspace.ts";
import type { YamlEdit } from "../../inventory/yaml/set-keys.ts";
import type { Finding } from "../../model/finding.ts";
import type { DeviceIntent } from "../../model/intent.ts";
import type { Site } from "../../model/site.ts";
import type { DriftItem } from "../items.ts";
import type { ReportedItem } from "../read-drift.ts";

/** A difference, with what is known of its maker: a new rule carries that in its own keys. */
export type AdoptItem = Omit<DriftItem, "state"> &
  Pick<ReportedItem, "state"> &
  Partial<Pick<ReportedItem, "by" | "at" | "incident">>;

/** An edit of one file of the workspace. */
export interface FileEdit extends YamlEdit {
  readonly file: string;
  /** What a new key starts from; comes before all that was changed. */
  readonly ground?: boolean;
}

/** The statements of a block that runs, in order, by its header; empty where it does not run. */
export type StatementsOf = (header: string) => readonly string[];

/** What an item becomes in the inventory, or why it cannot. */
export type Translation =
  | { readonly edits: readonly FileEdit[]; readonly refused?: never }
  | { readonly edits?: never; readonly refused: string };

/** A device whose drift is to be written down. */
export interface AdoptRequest {
  readonly workspace: Workspace;
  readonly site: Site;
  readonly intent: DeviceIntent;
  readonly driver: FullDriver;
  /** The driver of each other device of the site: none of them may become another. */
  readonly drivers: (platform: string) => FullDriver | undefined;
  /** What the planner says of an inventory: policy proofs and the catalogue of checks, waivers applied. */
  readonly judge: (workspace: Workspace, site: Site, resolved: readonly Finding[]) => readonly Finding[];
  /** What runs, secrets replaced by fingerprints. */
  readonly running: string;
  readonly items: readonly AdoptItem[];
  /** ISO day on which rules are written. */
  readonly today: string;
  /** Other devices that may change with it, by name. */
  readonly also?: ReadonlySet<string>;
}
