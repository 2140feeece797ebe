import type { Site } from "../../model/site.ts";
import { type Draft, type Ground, setInYaml, siteOf, textOf, WishError } from "./draft.ts";

/** What a person says of a new firewall rule. */
export interface RuleWish {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly service: readonly string[];
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly ticket: string | undefined;
  /** ISO day of the day it is written. */
  readonly today: string;
}

/** A rule with the next id, created today, to be reviewed in a year. */
export function newRule(ground: Ground, siteId: string, wish: RuleWish): Draft {
  const site = siteOf(ground, siteId);
  const missing = (["from", "to", "reason", "owner", "ticket"] as const).filter(
    (field) => wish[field] === undefined,
  );
  if (wish.service.length === 0) missing.push("service" as never);
  if (missing.length > 0) {
    throw new WishError(
      `a rule wants ${missing.map((field) => `--${field}`).join(", ")}`,
      "every rule says who asked for it, and why",
    );
  }
  const id = nextId(site);
  const path = `inventory/${siteId}/rules.yaml`;
  const review = `${Number(wish.today.slice(0, 4)) + 1}${wish.today.slice(4)}`.replace(/-02-29$/, "-02-28");
  const text = setInYaml(textOf(ground, path), [id], {
    from: wish.from ?? "",
    to: wish.to ?? "",
    service: wish.service.length === 1 ? (wish.service[0] ?? "") : [...wish.service],
    log: true,
    reason: wish.reason ?? "",
    owner: wish.owner ?? "",
    ticket: wish.ticket ?? "",
    created: wish.today,
    review,
  });
  return { files: new Map([[path, text]]), chosen: [id, `review on ${review}`] };
}

/** The id after the highest, with the same number of digits. */
function nextId(site: Site): string {
  const numbers = site.rules.flatMap(({ id }) => /^R(\d+)$/.exec(id)?.[1] ?? []);
  const width = Math.max(4, ...numbers.map((number) => number.length));
  return `R${String(Math.max(0, ...numbers.map(Number)) + 1).padStart(width, "0")}`;
}
