import type { FileWhere, Finding, Severity, Where } from "../../model/finding.ts";

/** Facts of a finding beside its words. */
export interface FindingExtras {
  readonly severity?: Severity;
  readonly related?: readonly Where[];
  /** The name that the finding misses: nothing is said where that thing itself could not be read. */
  readonly about?: string;
}

/** Collects findings to the end of a stage; the same one is kept once. */
export class Findings {
  readonly #list: Finding[] = [];
  readonly #seen = new Set<string>();
  readonly #unreadable = new Set<string>();

  /** Adds a mistake. `message` says what is wrong with the value seen, `hint` what to type. */
  report(code: string, where: FileWhere, message: string, hint: string, extras: FindingExtras = {}): void {
    if (extras.about !== undefined && this.#unreadable.has(extras.about)) return;
    const base = { code, severity: extras.severity ?? "error", message: clip(message), hint, where } as const;
    this.add(extras.related && extras.related.length > 0 ? { ...base, related: extras.related } : base);
  }

  /** Notes that a thing is there and could not be read, so that references to it are not called dangling. */
  markUnreadable(name: string): void {
    this.#unreadable.add(name);
  }

  add(finding: Finding): void {
    const key = `${finding.code}\0${finding.message}\0${JSON.stringify(finding.where)}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#list.push(finding);
  }

  addAll(findings: Iterable<Finding>): void {
    for (const finding of findings) this.add(finding);
  }

  get list(): readonly Finding[] {
    return this.#list;
  }
}

function clip(text: string): string {
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`;
}
