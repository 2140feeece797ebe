import type { Finding } from "../../model/finding.ts";
import type { Site } from "../../model/site.ts";
import { workspaceOfTexts } from "../read/workspace.ts";
import { resolveWorkspace } from "../resolve/resolve.ts";
import { editYaml } from "../yaml/set-keys.ts";

/** What a new part is made for: the workspace as it stands. */
export interface Ground {
  /** Texts by path, `inventory/…` and `policies/…`. */
  readonly texts: ReadonlyMap<string, string>;
  /** Every site, resolved. */
  readonly sites: readonly Site[];
}

/** Files to write, by path, and what was chosen on the way, in a person's words. */
export interface Draft {
  readonly files: ReadonlyMap<string, string>;
  readonly chosen: readonly string[];
}

/** A wish that the inventory cannot fulfil; the hint says what to type. */
export class WishError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = "WishError";
    this.hint = hint;
  }
}

/** The errors that a draft would bring into the workspace; none where it may be written. */
export function newErrors(root: string, ground: Ground, draft: Draft): Finding[] {
  const errorsOf = (texts: ReadonlyMap<string, string>): readonly Finding[] =>
    resolveWorkspace(workspaceOfTexts(root, texts)).findings.filter(({ severity }) => severity === "error");
  const keyOf = (finding: Finding): string => `${finding.code} ${finding.message}`;
  const known = new Set(errorsOf(ground.texts).map(keyOf));
  const after = errorsOf(new Map([...ground.texts, ...draft.files]));
  return after.filter((finding) => !known.has(keyOf(finding)));
}

/** A site by its id. @throws WishError naming those that there are */
export function siteOf(ground: Ground, id: string): Site {
  const site = ground.sites.find((candidate) => candidate.id === id);
  if (site !== undefined) return site;
  throw new WishError(`there is no site ${id}`, `known: ${ground.sites.map((known) => known.id).join(", ")}`);
}

/** A value that YAML can hold. */
export type YamlValue =
  | string
  | number
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue };

/** Sets one value of a YAML file, making the maps that lead to it; nothing else of the file changes.
 *  @param path - keys from the root
 *  @throws WishError where the file cannot be edited without spelling it anew */
export function setInYaml(text: string, path: readonly string[], value: YamlValue): string {
  const edited = editYaml(text, [{ path, value }]);
  if (edited.refused === undefined) return edited.text;
  throw new WishError(edited.refused, "type: sitewright fmt");
}

/** The text of a file, or a new one that begins with nothing. */
export function textOf(ground: Ground, path: string): string {
  return ground.texts.get(path) ?? "";
}

/** The value that most items have; undefined where there is no item. Of equals the first counts. */
export function mostCommon<T>(items: Iterable<T>): T | undefined {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  let best: T | undefined;
  for (const [item, count] of counts) if (best === undefined || count > (counts.get(best) ?? 0)) best = item;
  return best;
}

/** @throws WishError where a name is taken or is none that an id may have */
export function checkName(name: string | undefined, taken: Iterable<string>, what: string): string {
  if (name === undefined)
    throw new WishError(`a ${what} wants a name`, `type: sitewright new ${what} SITE NAME`);
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new WishError(`"${name}" cannot name a ${what}`, "use small letters, digits and dashes");
  }
  if ([...taken].includes(name))
    throw new WishError(`there is a ${what} ${name} already`, "choose another name");
  return name;
}
