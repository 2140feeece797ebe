/** Commands as a person reads them: the text that a shell command writes into a file is told by its length, and
 *  interfaces that get the same lines are told once. The plan itself, JSON and -v keep every line. */
export function foldCommands(commands: readonly string[]): string[] {
  return foldAlike(foldTexts(commands));
}

/** Lines of a here-document become their number. */
function foldTexts(commands: readonly string[]): string[] {
  const folded: string[] = [];
  let end: string | undefined;
  let lines = 0;
  for (const command of commands) {
    if (end === undefined) {
      end = /<<'([A-Z]+)'$/.exec(command)?.[1];
      lines = 0;
      folded.push(command);
    } else if (command === end) {
      folded.push(`  … ${lines} lines`);
      end = undefined;
    } else {
      lines += 1;
    }
  }
  return folded;
}

interface Block {
  readonly header: string;
  readonly body: readonly string[];
}

/** Runs of interface blocks with the same body become the first of them and a count. */
function foldAlike(commands: readonly string[]): string[] {
  const folded: string[] = [];
  for (let at = 0; at < commands.length; ) {
    const block = blockAt(commands, at);
    if (block === undefined) {
      folded.push(commands[at] ?? "");
      at += 1;
      continue;
    }
    const run = runOf(commands, at, block);
    const last = run.at(-1)?.header.replace(/^interface /, "") ?? "";
    const also = run.length === 1 ? "" : `  … ${last} (${run.length} alike)`;
    folded.push(`${block.header}${also}`, ...block.body.map((line) => ` ${line.trim()}`));
    at += run.length * (block.body.length + 1);
  }
  return folded;
}

function runOf(commands: readonly string[], start: number, first: Block): Block[] {
  const run: Block[] = [];
  for (let at = start; ; at += first.body.length + 1) {
    const block = blockAt(commands, at);
    if (block === undefined || block.body.join("\n") !== first.body.join("\n")) return run;
    run.push(block);
  }
}

/** An interface's header with the lines up to and with the word that leaves it. */
function blockAt(commands: readonly string[], at: number): Block | undefined {
  const header = commands[at];
  if (header === undefined || !header.startsWith("interface ")) return undefined;
  const end = commands.findIndex((line, index) => index > at && /^(exit|quit)$/.test(line.trim()));
  if (end < 0) return undefined;
  return { header, body: commands.slice(at + 1, end + 1) };
}
