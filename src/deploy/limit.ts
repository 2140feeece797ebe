/** Runs work with at most `limit` pieces at once; the rest waits in order. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a limiter. @param limit - at least 1 */
export function limitTo(limit: number): Limiter {
  const waiting: (() => void)[] = [];
  let free = Math.max(1, Math.floor(limit));
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
