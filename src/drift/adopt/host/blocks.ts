import type { AdoptItem, AdoptRequest, FileEdit, StatementsOf, Translation } from "../adopt-types.ts";

/** What translating an item of a Linux host needs: what runs by block, and what its own YAML says. */
export interface HostGround {
  readonly request: AdoptRequest;
  readonly statements: StatementsOf;
  /** All items that are adopted together. */
  readonly items: readonly AdoptItem[];
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
