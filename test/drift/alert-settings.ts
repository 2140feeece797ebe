import type { AlertSettings } from "../../src/model/alert.ts";

const TARGET = { respondMs: 900_000, resolveMs: 9_000_000 };

/** Settings of a client who is told nothing: no channel, the same target for each priority. */
export const QUIET: AlertSettings = {
  language: "en",
  timezone: "Etc/UTC",
  hours: "24x7",
  channels: [],
  targets: { P1: TARGET, P2: TARGET, P3: TARGET, P4: TARGET },
  unreadableNights: 1,
  problem: { openings: 3, withinMs: 2_592_000_000 },
};
