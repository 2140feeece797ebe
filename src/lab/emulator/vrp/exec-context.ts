import type { Section } from "../cli/section.ts";
import type { CliSession } from "../session.ts";
import type { VrpState } from "./state.ts";

/** What a command may use of the session that runs it. */
export interface ExecContext {
  readonly state: VrpState;
  readonly session: CliSession;
  length: number;
  editing(): readonly Section[];
  configure(): string;
  logout(): void;
  ask(question: string): Promise<string | undefined>;
  print(text: string): void;
}
