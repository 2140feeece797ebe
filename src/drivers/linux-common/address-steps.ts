import type { Change, ChangeStep } from "../../planner/config/types.ts";
import { quote } from "./shell-quote.ts";

/** Takes an address off an interface. Deleting one that is not there is an error of ip's, and not one of ours.
 *  @param device - the interface, quoted for the shell */
export function removeAddress(address: string, device: string): string {
  return `if ip -o address show dev ${device} | grep -qF ${quote(` ${address} `)}; then ip address del ${address} dev ${device}; fi`;
}

/** Tells whether a step takes an address off an interface. */
export function takesAddress({ commands }: Pick<ChangeStep, "commands">): boolean {
  return commands.some((command) => command.includes("; then ip address del "));
}

/** Where a session may end: from the first step that takes an address away on, all steps reach the device together. */
export function departureOf(steps: readonly ChangeStep[]): Pick<Change, "departure"> {
  const first = steps.findIndex(takesAddress);
  if (first < 0) return {};
  return { departure: steps.slice(0, first).reduce((sum, step) => sum + step.commands.length, 0) };
}
