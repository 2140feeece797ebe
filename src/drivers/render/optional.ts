/** None or one: how a view says that a line may be absent, so that templates take no decision. */
export type Maybe<T> = readonly T[];

/** One where the value is there. */
export function maybe<T>(value: T | undefined): Maybe<T> {
  return value === undefined ? [] : [value];
}

/** One where the condition holds. */
export function flag(condition: boolean): Maybe<true> {
  return condition ? [true] : [];
}

/** One where the condition holds, made only then. */
export function when<T>(condition: boolean, make: () => T): Maybe<T> {
  return condition ? [make()] : [];
}
