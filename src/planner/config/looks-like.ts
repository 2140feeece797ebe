import { compareText, type Finding } from "../../model/finding.ts";
import type { Dialect } from "./dialect.ts";

/** How much of a text is looked at for signs of a platform, characters. */
const LOOK = 200_000;

/** Counts the signs of a dialect in a text. */
function signsIn(dialect: Dialect, text: string): number {
  return dialect.signs.filter((sign) => sign.test(text)).length;
}

/** Guesses which platform a text is of.
 *  @returns the dialect with the most signs; undefined where none shows any or two show the same */
export function guessPlatform(dialects: readonly Dialect[], text: string): Dialect | undefined {
  const head = text.slice(0, LOOK);
  const scores = dialects
    .map((dialect) => ({ dialect, score: signsIn(dialect, head) }))
    .sort((a, b) => b.score - a.score || compareText(a.dialect.platform, b.dialect.platform));
  const [best, second] = scores;
  if (!best || best.score === 0 || best.score === second?.score) return undefined;
  return best.dialect;
}

/** How many signs more another platform must show: kin such as IOS and EOS share some. */
const CLEAR_LEAD = 2;

/** A finding where a text bears clearly more signs of another platform than of the one that was named. */
export function wrongPlatform(
  named: Dialect,
  dialects: readonly Dialect[],
  text: string,
  file: string,
): Finding | undefined {
  const head = text.slice(0, LOOK);
  const guess = guessPlatform(
    dialects.filter((dialect) => dialect !== named),
    text,
  );
  if (!guess || signsIn(guess, head) - signsIn(named, head) < CLEAR_LEAD) return undefined;
  return {
    code: "CFG-OTHER-PLATFORM",
    severity: "error",
    message: `this is no ${named.platform} configuration; it looks like ${guess.platform}`,
    hint: `Try --platform ${guess.platform}.`,
    where: { file, line: 1, column: 1 },
  };
}
