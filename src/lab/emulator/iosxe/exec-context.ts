import type { CliSession } from "../session.ts";
import type { IosState } from "./state.ts";

/** What an exec command may use of the session that runs it. */
export interface ExecContext {
  readonly state: IosState;
  readonly session: CliSession;
  privilege: number;
  length: number;
  width: number;
  configure(): void;
  logout(): void;
  ask(question: string, key?: boolean): Promise<string | undefined>;
  print(text: string): void;
}
