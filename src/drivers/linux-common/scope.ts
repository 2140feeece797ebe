import type { Scope } from "../../planner/config/types.ts";

/** How much of a block is ours. */
export type Ownership =
  | { readonly kind: "whole" }
  | { readonly kind: "none" }
  | { readonly kind: "part"; readonly owns: (child: string) => boolean };

const compiled = new WeakMap<Scope, readonly (readonly RegExp[])[]>();

/** Tells which part of the block under a header the scope claims. */
export function ownershipOf(scope: Scope, header: string): Ownership {
  if (scope.kind === "full") return { kind: "whole" };
  const paths = patternsOf(scope).filter(([first]) => first?.test(header) ?? false);
  if (paths.length === 0) return { kind: "none" };
  if (paths.some((path) => path.length === 1)) return { kind: "whole" };
  const second = paths.flatMap((path) => (path[1] === undefined ? [] : [path[1]]));
  return { kind: "part", owns: (child) => second.some((pattern) => pattern.test(child)) };
}

function patternsOf(scope: Extract<Scope, { kind: "claims" }>): readonly (readonly RegExp[])[] {
  const known = compiled.get(scope);
  if (known !== undefined) return known;
  const fresh = scope.paths.map((path) => path.map(toPattern));
  compiled.set(scope, fresh);
  return fresh;
}

function toPattern(text: string): RegExp {
  const parts = text.split(/(\*\*|\*)/).map((part) => {
    if (part === "**") return ".*";
    if (part === "*") return "\\S*";
    return part.replace(/[.+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "s");
}
