import type { Site } from "../../model/site.ts";
import { canonicalJson, sha256 } from "../plan/digest.ts";

/** Digests what a site means: the places in files from which it was read are left out, so that a comment, a blank line
 *  or a moved key changes nothing, and a default that reaches the site does. */
export function modelDigest(site: Site): string {
  return sha256(canonicalJson(withoutPlaces(site)));
}

/** Copies a value without the file places in it. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, entry]) => !isPlace(entry));
  return Object.fromEntries(kept.map(([key, entry]) => [key, withoutPlaces(entry)]));
}

function isPlace(value: unknown): boolean {
  if (value === null || typeof value !== "object" || !("file" in value)) return false;
  return "line" in value && "column" in value && Object.keys(value).length === 3;
}
