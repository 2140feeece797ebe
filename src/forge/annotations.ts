import { type Finding, isFileWhere } from "../model/finding.ts";
import type { Annotation } from "./types.ts";

const LEVELS = { error: "failure", warning: "warning", info: "notice" } as const;
/** Ten requests; the rest stands in the comment and in the SARIF file. */
const MOST_ANNOTATIONS = 500;

/** Puts findings on their lines, errors first. What is accepted by a waiver, and notes, are left out. */
export function annotationsOf(findings: readonly Finding[]): Annotation[] {
  const shown = findings.filter(({ severity, waiver }) => severity !== "info" && waiver === undefined);
  const sorted = [
    ...shown.filter(({ severity }) => severity === "error"),
    ...shown.filter(({ severity }) => severity !== "error"),
  ];
  return sorted
    .flatMap(({ code, severity, message, hint, where }): Annotation[] =>
      isFileWhere(where)
        ? [
            {
              path: where.file,
              line: where.line,
              level: LEVELS[severity],
              title: code,
              message: `${message}\n${hint}`,
            },
          ]
        : [],
    )
    .slice(0, MOST_ANNOTATIONS);
}
