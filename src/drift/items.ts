import type { DriverCore } from "../drivers/driver.ts";
import { compareText } from "../model/finding.ts";
import type { ConfigItem, Scope } from "../planner/config/types.ts";
import { joinEdits } from "./in-place.ts";

/** Who changed it, as far as the device tells. */
export interface Culprit {
  readonly name: string | undefined;
  readonly confidence: "named" | "session" | "unknown";
}

/** One difference between what should be, what we left and what is (design: three-way drift). */
export interface DriftItem {
  readonly path: readonly string[];
  readonly kind: "added" | "removed" | "changed" | "unsaved";
  readonly intended: string | undefined;
  readonly applied: string | undefined;
  readonly running: string | undefined;
  /** False outside what the inventory claims: shown all the same. */
  readonly managed: boolean;
  /** `unauthorised`: running differs from what was last applied. `pending`: intended was changed and not pushed yet.
   *  `conflict`: both, to different ends. Only `pending` is no incident. */
  readonly state: "unauthorised" | "pending" | "conflict";
}

/** The three texts of a device, secrets already replaced by fingerprints. */
export interface ThreeWay {
  readonly intended: string;
  readonly applied: string;
  readonly running: string;
  /** What the inventory claims of this device. */
  readonly scope: Scope;
  /** Whether a reboot would bring the running configuration back. */
  readonly saved: "same" | "differs" | "unknown";
}

/** Compares item by item, by the driver's canonical equality.
 *  @returns items sorted by path; an item that running and intended agree on is still `unauthorised` if it is not what
 *  was applied, because somebody else made it so */
export function driftItems(driver: Pick<DriverCore, "compare">, texts: ThreeWay): DriftItem[] {
  const { applied, running, intended, scope } = texts;
  const behindOurBack = byPath(joinEdits(driver.compare(applied, running, scope), applied, running));
  const wanted = driver.compare(applied, intended, scope).filter((item) => item.managed);
  const toPush = byPath(joinEdits(wanted, applied, intended));
  const items: DriftItem[] = [];
  for (const [key, item] of behindOurBack) items.push(changedItem(item, toPush.get(key)));
  for (const [key, item] of toPush) {
    if (behindOurBack.has(key)) continue;
    items.push(pendingItem(item));
  }
  if (texts.saved === "differs") items.push(UNSAVED);
  return items.sort((a, b) => compareText(pathKey(a.path), pathKey(b.path)) || compareText(a.kind, b.kind));
}

/** The running configuration would be lost at a reboot. */
const UNSAVED: DriftItem = {
  path: ["startup configuration"],
  kind: "unsaved",
  intended: "saved",
  applied: "saved",
  running: "differs from running",
  managed: true,
  state: "unauthorised",
};

function changedItem(item: ConfigItem, push: ConfigItem | undefined): DriftItem {
  const conflict = push !== undefined && push.after !== item.after;
  return {
    path: item.path,
    kind: item.kind,
    intended: push === undefined ? (item.managed ? item.before : undefined) : push.after,
    applied: item.before,
    running: item.after,
    managed: item.managed,
    state: conflict ? "conflict" : "unauthorised",
  };
}

function pendingItem(push: ConfigItem): DriftItem {
  return {
    path: push.path,
    kind: push.kind,
    intended: push.after,
    applied: push.before,
    running: push.before,
    managed: true,
    state: "pending",
  };
}

function byPath(items: readonly ConfigItem[]): Map<string, ConfigItem> {
  return new Map(items.map((item) => [pathKey(item.path), item]));
}

function pathKey(path: readonly string[]): string {
  return path.join("\u0000");
}
