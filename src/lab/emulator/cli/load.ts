import type { Configurator } from "./configurator.ts";
import type { Outcome } from "./outcome.ts";

/** Reads a configuration file into a device: every line in the view that its indentation names.
 *  Questions are answered as the device does for itself: yes.
 *  @param mark - the platform's separator, `!` or `#`: ends a block and is otherwise ignored
 *  @returns lines that the device refused, with their answer (empty where they were not understood) */
export function loadText<S>(
  text: string,
  cli: Configurator<S>,
  mark: string,
): readonly { readonly line: string; readonly answer: string }[] {
  const refused: { line: string; answer: string }[] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const word = line.trim();
    if (word === "") continue;
    if (line.startsWith(mark)) {
      cli.backTo(1);
      continue;
    }
    if (word.startsWith(mark)) continue;
    if (word === "exit" || word === "quit") {
      cli.leave();
      continue;
    }
    cli.backTo(1 + line.length - line.trimStart().length);
    const answer = cli.apply(word);
    if ("mismatch" in answer) {
      refused.push({ line: word, answer: "" });
      continue;
    }
    let outcome: Outcome = answer.outcome;
    while (outcome.question !== undefined || outcome.collect !== undefined) {
      if (outcome.question !== undefined) outcome = outcome.question.answered(outcome.question.yes);
      else if (outcome.collect !== undefined) {
        const gathered: string[] = [];
        const { until, answered } = outcome.collect;
        for (at += 1; at < lines.length; at += 1) {
          gathered.push(lines[at] ?? "");
          if ((lines[at] ?? "").includes(until)) break;
        }
        outcome = answered(gathered.join("\n"));
      }
    }
    if (outcome.refused === true) refused.push({ line: word, answer: outcome.output ?? "" });
  }
  return refused;
}
