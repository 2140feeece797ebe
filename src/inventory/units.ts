const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const BITS = { bps: 1, kbps: 1e3, Kbps: 1e3, Mbps: 1e6, Gbps: 1e9 } as const;

/** Reads `24h` as seconds. The schema has checked the spelling. */
export function durationSeconds(text: string): number {
  const unit = text.slice(-1) as keyof typeof SECONDS;
  return Number(text.slice(0, -1)) * SECONDS[unit];
}

/** Reads `200Mbps` as bits per second. */
export function rateBps(text: string): number {
  const match = /^([0-9.]+)([A-Za-z]+)$/.exec(text);
  return Math.round(Number(match?.[1]) * BITS[(match?.[2] ?? "bps") as keyof typeof BITS]);
}

/** Reads `1%` as 1. */
export function percent(text: string): number {
  return Number(text.slice(0, -1));
}
