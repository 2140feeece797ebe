import type { RevealSecret, RunningState } from "../driver.ts";
import type { Cli } from "../transport/cli.ts";
import type { DeviceTarget } from "../transport/types.ts";

/** What the parts of an IOS-XE session share. */
export interface IosxeLink {
  readonly target: DeviceTarget;
  readonly cli: Cli;
  read(): Promise<RunningState>;
  /** Types configuration lines, entering and leaving the mode. */
  configure(
    commands: readonly string[],
    reveal: RevealSecret,
    onStep?: (done: number, total: number) => void,
  ): Promise<void>;
}

/** Tells whether the prompt is one of a configuration mode. */
export function inConfiguration(cli: Cli): boolean {
  return /\([^()]*\)# ?$/.test(cli.prompt());
}
