import type { ConfigNode } from "../../../planner/config/types.ts";
import type { AdoptItem, AdoptRequest, FileEdit, Translation } from "../adopt-types.ts";

/** What translating an item of a Linux host needs: what runs by block, and what its own YAML says. */
export interface HostGround {
  readonly request: AdoptRequest;
  /** Blocks that run, by header. */
  readonly running: ReadonlyMap<string, ConfigNode>;
  /** All items that are adopted together. */
  readonly items: readonly AdoptItem[];
}

/** Statements of a block that runs, in order; empty where it does not run. */
export function statementsOf(ground: HostGround, header: string): readonly string[] {
  return ground.running.get(header)?.children.map((child) => child.key) ?? [];
}

/** The text of a file's block, without its end-of-line marks. */
export function contentLines(statements: readonly string[]): readonly string[] {
  return statements.flatMap((line) => (line.startsWith("|") ? [line.slice(1).replace(/^ /, "")] : []));
}

/** The path of the file that a block stands for; undefined for every other block. */
export function pathOfHeader(header: string): string | undefined {
  const cron = /^cron ([\w-]+)$/.exec(header)?.[1];
  return cron === undefined ? /^file (\/\S+)$/.exec(header)?.[1] : `/etc/cron.d/${cron}`;
}

/** One edit of the host's own file. */
export function ownEdit({ request }: HostGround, path: readonly string[], value: unknown): FileEdit {
  return { file: request.intent.origin.file, path, value };
}

/** A refusal that names its item first. */
export function refusal(about: string, reason: string): Translation {
  return { refused: `${about}: ${reason}` };
}
