/** Control characters and escape sequences that change what a line shows: CSI, OSC (ended by BEL or ST), the rest. */
const CONTROLS =
  /\u001b\[([0-9]*)([DCK])|\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_78=>cM])|[\b\r\u0000\u0007]/g;

/** A cursor movement longer than a screen's line is not one. */
const MAX_MOVE = 1024;

interface Screen {
  cells: string[];
  column: number;
}

/** Shows one line as a terminal would: backspaces, returns and cursor movements carried out, so that a pager's
 *  `--More--` leaves nothing behind; colours, bells and NUL out. */
export function settleLine(line: string): string {
  if (!/[\b\r\u0000\u0007\u001b]/.test(line)) return line;
  const screen: Screen = { cells: [], column: 0 };
  let from = 0;
  for (const match of line.matchAll(CONTROLS)) {
    put(screen, line.slice(from, match.index));
    move(screen, match[0], match[2], match[1] ?? "");
    from = match.index + match[0].length;
  }
  put(screen, line.slice(from));
  return Array.from(screen.cells, (cell) => cell ?? " ").join("");
}

/** Shows a text as a terminal would: each line settled, `\n` between lines, no blanks at their ends.
 *  Linear in its length. */
export function settleText(text: string): string {
  return text
    .replace(/\r+\n/g, "\n")
    .split("\n")
    .map((line) => settleLine(line).trimEnd())
    .join("\n");
}

function put(screen: Screen, text: string): void {
  for (const char of text) {
    screen.cells[screen.column] = char;
    screen.column += 1;
  }
}

function move(screen: Screen, control: string, final: string | undefined, count: string): void {
  const steps = Math.min(MAX_MOVE, count === "" ? 1 : Number(count));
  if (control === "\b") screen.column = Math.max(0, screen.column - 1);
  else if (control === "\r") screen.column = 0;
  else if (final === "D") screen.column = Math.max(0, screen.column - steps);
  else if (final === "C") screen.column += steps;
  else if (final === "K") eraseLine(screen, count);
}

function eraseLine(screen: Screen, count: string): void {
  if (count === "2") screen.cells = [];
  else if (count !== "1") screen.cells.length = Math.min(screen.cells.length, screen.column);
}
