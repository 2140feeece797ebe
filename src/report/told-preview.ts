import { type Finding, sortFindings, type Where } from "../model/finding.ts";
import type { PlanFlow, RiskLevel } from "../planner/plan/types.ts";
import { RISK_LEVELS } from "../planner/plan/types.ts";
import {
  type Preview,
  type PreviewDevice,
  type PreviewSite,
  REVIEW_KINDS,
  type ReviewChange,
} from "../planner/preview/types.ts";

/** What a comment tells of a device. */
export type ToldDevice = Pick<PreviewDevice, "device" | "platform" | "state" | "commands"> & {
  readonly items: readonly Pick<PreviewDevice["items"][number], "path" | "before" | "after" | "managed">[];
};

/** What a comment tells of a site. */
export interface ToldSite
  extends Pick<PreviewSite, "site" | "state" | "flows" | "findings" | "review" | "notEvaluated"> {
  readonly risk: { readonly level: RiskLevel };
  readonly devices: readonly ToldDevice[];
}

/** What a comment tells of a preview: a `Preview`, or what was read of one. */
export interface ToldPreview extends Omit<Preview, "sites"> {
  readonly sites: readonly ToldSite[];
}

/** All new findings of a preview, those of shared files once, sorted. */
export function toldFindings({ findings, sites }: ToldPreview): Finding[] {
  const seen = new Map<string, Finding>();
  for (const finding of [...findings, ...sites.flatMap((site) => site.findings)])
    seen.set(JSON.stringify([finding.code, finding.where, finding.message]), finding);
  return sortFindings([...seen.values()]);
}

/** Says which part of a preview has another shape. */
export class ToldError extends Error {}

/** Reads a preview that another job wrote: its writer may have been made by a stranger, so nothing but texts, numbers and
 *  known words of the known places is taken over.
 *  @throws ToldError naming the first place of another shape */
export function readToldPreview(value: unknown): ToldPreview {
  const top = new Place(value, "preview");
  return {
    base: top.get("base").commit(),
    head: top.get("head").commit(),
    digest: top.get("digest").text(),
    sites: top.get("sites").list(siteOf),
    untouched: top.get("untouched").count(),
    review: top.get("review").list(reviewOf),
    findings: top.get("findings").list(findingOf),
    notEvaluated: top.get("notEvaluated").texts(),
  };
}

function siteOf(place: Place): ToldSite {
  const flows = place.get("flows");
  return {
    site: place.get("site").text(),
    state: place.get("state").oneOf(["changed", "new", "gone", "broken"]),
    risk: { level: place.get("risk").get("level").oneOf(RISK_LEVELS) },
    flows: { opened: flows.get("opened").list(flowOf), closed: flows.get("closed").list(flowOf) },
    devices: place.get("devices").list(deviceOf),
    findings: place.get("findings").list(findingOf),
    review: place.get("review").list(reviewOf),
    notEvaluated: place.get("notEvaluated").texts(),
  };
}

function deviceOf(place: Place): ToldDevice {
  return {
    device: place.get("device").text(),
    platform: place.get("platform").text(),
    state: place.get("state").oneOf(["same", "change", "new", "gone", "refused"]),
    commands: place.get("commands").texts(),
    items: place.get("items").list((item) => ({
      path: item.get("path").texts(),
      before: item.get("before").optional((side) => side.text()),
      after: item.get("after").optional((side) => side.text()),
      managed: item.get("managed").oneOf([true, false]),
    })),
  };
}

function flowOf(place: Place): PlanFlow {
  const line = place.get("line").optional(whereOf);
  return {
    from: place.get("from").text(),
    to: place.get("to").text(),
    flow: place.get("flow").text(),
    witness: place.get("witness").text(),
    ...(line === undefined ? {} : { line }),
  };
}

function reviewOf(place: Place): ReviewChange {
  return {
    kind: place.get("kind").oneOf(REVIEW_KINDS),
    subject: place.get("subject").text(),
    text: place.get("text").text(),
  };
}

function findingOf(place: Place): Finding {
  const waiver = place.get("waiver").optional((waived) => ({
    owner: waived.get("owner").text(),
    reason: waived.get("reason").text(),
    expires: waived.get("expires").text(),
  }));
  return {
    code: place.get("code").text(),
    severity: place.get("severity").oneOf(["error", "warning", "info"]),
    message: place.get("message").text(),
    hint: place.get("hint").text(),
    where: whereOf(place.get("where")),
    ...(waiver === undefined ? {} : { waiver }),
  };
}

function whereOf(place: Place): Where {
  const file = place.get("file").optional((name) => name.text());
  if (file !== undefined)
    return { file, line: place.get("line").count(), column: place.get("column").count() };
  const line = place.get("line").optional((number) => number.count());
  return { device: place.get("device").text(), ...(line === undefined ? {} : { line }) };
}

/** A value and where it stands. */
class Place {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    this.#value = value;
    this.#path = path;
  }

  get(name: string): Place {
    const value = this.#value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw this.#not("an object");
    const own = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
    return new Place(own, `${this.#path}.${name}`);
  }

  text(): string {
    if (typeof this.#value !== "string") throw this.#not("a text");
    return this.#value;
  }

  texts(): string[] {
    return this.list((item) => item.text());
  }

  commit(): string {
    const text = this.text();
    if (!/^[0-9a-f]{40,64}$/.test(text)) throw this.#not("a commit");
    return text;
  }

  count(): number {
    if (!Number.isSafeInteger(this.#value) || Number(this.#value) < 0) throw this.#not("a number");
    return Number(this.#value);
  }

  oneOf<T extends string | boolean>(known: readonly T[]): T {
    const found = known.find((each) => each === this.#value);
    if (found === undefined) throw this.#not(known.join(", "));
    return found;
  }

  list<T>(read: (item: Place) => T): T[] {
    if (!Array.isArray(this.#value)) throw this.#not("a list");
    return this.#value.map((item: unknown, at) => read(new Place(item, `${this.#path}[${at}]`)));
  }

  optional<T>(read: (place: Place) => T): T | undefined {
    return this.#value === undefined ? undefined : read(this);
  }

  #not(what: string): ToldError {
    return new ToldError(`${this.#path} is not ${what}`);
  }
}
