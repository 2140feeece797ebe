import type { Severity } from "../../../../src/model/finding.ts";
import type { World } from "../world.ts";

/** One way to spoil the clean site, and what the check then says. */
export interface Row {
  readonly id: string;
  /** The rule in a user's words. */
  readonly title: string;
  readonly spoil: (world: World) => void;
  /** Part of the message. */
  readonly says: string;
  readonly severity?: Severity;
  /** Part of the place: a file, or a device. */
  readonly at?: string;
}
