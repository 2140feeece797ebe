import type { FileWhere, Finding } from "../../model/finding.ts";

/** Says in the engineer's words what the parser stumbled over. `code` is the parser's own error code. */
export function syntaxFinding(
  code: string,
  parserMessage: string,
  where: FileWhere,
  text: string,
  offset: number,
): Finding {
  const near = text.slice(offset, offset + 1);
  const line = text.split("\n", where.line)[where.line - 1] ?? "";
  const known = explain(code, near, line, parserMessage);
  const message = known?.message ?? `this is not YAML: ${lowerFirst(parserMessage)}`;
  return {
    code: known?.code ?? "INV-YAML",
    severity: "error",
    message: message.slice(0, 100),
    hint: known?.hint ?? "compare the indentation and the quotes of this line with the line above",
    where,
  };
}

function explain(
  code: string,
  near: string,
  line: string,
  parserMessage: string,
): { code: string; message: string; hint: string } | undefined {
  if (code === "TAB_AS_INDENT") {
    return {
      code: "INV-TAB",
      message: "the line is indented with a tab",
      hint: "indent with blanks, two a level; most editors can convert tabs",
    };
  }
  if (/^\s*\*\s*:/.test(line) || /:\s+\*\s*$/.test(line)) {
    return { code: "INV-YAML", message: "an unquoted * starts an alias", hint: 'quote it: "*"' };
  }
  if (code === "BAD_SCALAR_START") {
    return {
      code: "INV-YAML",
      message: `a value cannot start with ${near} unless it is quoted`,
      hint: "put the value into double quotes",
    };
  }
  if (code === "BLOCK_AS_IMPLICIT_KEY") {
    return {
      code: "INV-YAML",
      message: "there are two colons with a blank in one line",
      hint: "quote the value if the colon belongs to it, or put the second key on a line of its own",
    };
  }
  const tight = /^\s*([\w-]+):([^\s:/]\S*)\s*$/.exec(line);
  if (tight && (code === "MULTILINE_IMPLICIT_KEY" || code === "MISSING_CHAR")) {
    return {
      code: "INV-YAML",
      message: `there is no blank after the colon of ${tight[1]}`,
      hint: `write ${tight[1]}: ${tight[2]}`,
    };
  }
  if (code === "BAD_INDENT" && parserMessage.startsWith("Flow ")) {
    return {
      code: "INV-YAML",
      message: "a bracket [ or { above this line is not closed",
      hint: "close it with ] or }, or indent the lines inside it",
    };
  }
  if (code === "MULTIPLE_DOCS") {
    return {
      code: "INV-YAML",
      message: "the file holds more than one document (---)",
      hint: "one file is one thing: move what follows --- into a file of its own",
    };
  }
  if (code === "MISSING_CHAR" && /quote/.test(line) === false && /["']/.test(line)) {
    return {
      code: "INV-YAML",
      message: "a quote is opened and not closed",
      hint: "close the quote on the same line",
    };
  }
  return undefined;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1).split("\n")[0];
}
