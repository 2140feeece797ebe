import type { Box, System } from "../system.ts";

/** Runs VRP5 on a box. */
export function vrpSystem(_box: Box): System {
  throw new Error("vrp: not yet");
}
