import type { ConfigNode } from "../../planner/config/types.ts";
import { type CommandContext, type CommandOutcome, findingReasons, type Options } from "../command.ts";
import { platformFindings, platformOption, readConfigFile } from "../config-file.ts";
import { printFindings } from "../text/findings.ts";

/** Shows the tree of a configuration and names each line that the dialect does not understand. */
export async function run(
  _context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const driver = platformOption(options);
  const file = args[0] ?? "-";
  const text = await readConfigFile(file);
  const tree = driver.parse(text);
  const findings = [...platformFindings(driver, file, text), ...tree.findings];
  return {
    findings,
    result: {
      lines: tree.lines,
      understood: tree.understood,
      removed: tree.removed,
      unknown: tree.unknown,
      tree: tree.nodes.map(toJson),
    },
    reasons: findingReasons(findings),
    text: (printer) => {
      printFindings(printer, findings, () => undefined);
      for (const node of tree.nodes) printNode(node, 0, (text) => printer.line(text));
      printer.line();
      printer.line(`${tree.lines} lines, ${tree.understood} understood, ${tree.removed} noise lines removed`);
      for (const unknown of tree.unknown) {
        printer.line(printer.style.yellow(`${file}:${unknown.line}: not understood: ${unknown.text.trim()}`));
      }
    },
  };
}

interface JsonNode {
  readonly text: string;
  readonly line: number;
  readonly understood: boolean;
  readonly children: readonly JsonNode[];
}

function toJson(node: ConfigNode): JsonNode {
  return {
    text: node.text,
    line: node.line,
    understood: node.understood,
    children: node.children.map(toJson),
  };
}

function printNode(node: ConfigNode, depth: number, print: (text: string) => void): void {
  print(`${"  ".repeat(depth)}${node.key}`);
  for (const child of node.children) printNode(child, depth + 1, print);
}
