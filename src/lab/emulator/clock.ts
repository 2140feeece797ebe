/** A device's clock: runs at the real pace, or faster where a device minute is shorter than a real one. */
export interface DeviceClock {
  /** Milliseconds since 1970 as the device counts them. */
  now(): number;
  /** Calls back after device minutes; returns what cancels it. The process does not stay alive for it. */
  after(minutes: number, callback: () => void): () => void;
  /** Sets the clock wrong: this many milliseconds ahead of the right time. Timers run on. */
  setAhead(aheadMs: number): void;
}

const REAL_MINUTE_MS = 60_000;

/** Makes a clock.
 *  @param minuteMs - how long a device minute takes, milliseconds */
export function deviceClock(minuteMs: number): DeviceClock {
  const start = Date.now();
  const pace = REAL_MINUTE_MS / minuteMs;
  let ahead = 0;
  return {
    now: () => start + (Date.now() - start) * pace + ahead,
    setAhead: (aheadMs) => {
      ahead = aheadMs;
    },
    after: (minutes, callback) => {
      const timer = setTimeout(callback, minutes * minuteMs);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
