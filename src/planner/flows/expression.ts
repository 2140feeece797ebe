/** Set expressions over filters, and their value where only part of the filters has decided. */

/** `leaf` is true where the filter of that number permits. */
export type Expression =
  | { readonly kind: "leaf"; readonly leaf: number }
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "not"; readonly part: Expression }
  | { readonly kind: "and" | "or"; readonly parts: readonly Expression[] };

/** `open`: not decided yet; `maybe`: rests on a condition that is not modelled. */
export type Truth = "no" | "yes" | "maybe" | "open";

/** Evaluates an expression from what each leaf says; decided parts settle it as early as logic allows. */
export function evaluate(expression: Expression, leaves: readonly Truth[]): Truth {
  switch (expression.kind) {
    case "leaf":
      return leaves[expression.leaf] ?? "open";
    case "constant":
      return expression.value ? "yes" : "no";
    case "not":
      return negate(evaluate(expression.part, leaves));
    case "and":
      return settle(expression.parts, leaves, "no", "yes");
    case "or":
      return settle(expression.parts, leaves, "yes", "no");
  }
}

function negate(truth: Truth): Truth {
  if (truth === "yes") return "no";
  return truth === "no" ? "yes" : truth;
}

function settle(
  parts: readonly Expression[],
  leaves: readonly Truth[],
  settled: Truth,
  neutral: Truth,
): Truth {
  let result = neutral;
  for (const part of parts) {
    const truth = evaluate(part, leaves);
    if (truth === settled) return settled;
    if (truth === "open" || (truth === "maybe" && result !== "open")) result = truth;
  }
  return result;
}
