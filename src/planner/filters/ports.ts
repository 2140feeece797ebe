import { complementRanges } from "../flows/ranges.ts";
import type { Range } from "../flows/types.ts";
import { portNumber } from "./names.ts";
import { UnreadError, type Words } from "./words.ts";

const OPERATORS = ["eq", "neq", "gt", "lt", "range"];

/** Reads `eq 80 443`, `neq 22`, `gt 1023`, `lt 1024` or `range 20 21`; undefined where no operator stands.
 *  @param own - names that the platform prints
 *  @throws UnreadError for an unknown name or a range that is none */
export function readPorts(
  words: Words,
  own: Readonly<Record<string, string | number>> = {},
): readonly Range[] | undefined {
  const operator = words.peek();
  if (!OPERATORS.includes(operator)) return undefined;
  words.next();
  const numbers = [required(words.next(), own)];
  const several = operator === "eq" || operator === "neq";
  if (operator === "range") numbers.push(required(words.next(), own));
  while (several && !words.done && portNumber(words.peek(), own) !== undefined)
    numbers.push(required(words.next(), own));
  return portRanges(operator, numbers);
}

/** Spells an operator and its numbers as ranges. */
export function portRanges(operator: string, numbers: readonly number[]): readonly Range[] {
  const [a = 0, b = a] = numbers;
  const single = numbers.map((port) => ({ lo: port, hi: port }));
  if (operator === "eq") return single;
  if (operator === "neq") return complementRanges(single, 65535);
  if (operator === "gt") return a === 65535 ? [] : [{ lo: a + 1, hi: 65535 }];
  if (operator === "lt") return a === 0 ? [] : [{ lo: 0, hi: a - 1 }];
  // Devices turn a reversed range round.
  return [{ lo: Math.min(a, b), hi: Math.max(a, b) }];
}

function required(text: string, own: Readonly<Record<string, string | number>>): number {
  const number = portNumber(text, own);
  if (number === undefined) throw new UnreadError(`unknown port: ${text || "nothing"}`);
  return number;
}
