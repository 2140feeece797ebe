/** How far back lines are wanted: all, or from the last one that opened something. More than asked for may come. */
export type Since = "start" | "opening";

/** Lines about things, append-only, in the order in which they were written. A line that cannot be read is left where it
 *  is and passed over; `damaged` names it. */
export interface Log<T> {
  /** Returns when the line is on disk.
   *  @param opens - the line begins something new: what came before it is history */
  append(item: string, line: T, opens: boolean): Promise<void>;
  read(item: string, since: Since): Promise<readonly T[]>;
  /** The same of every item, items in the order of their names. */
  readAll(since: Since): Promise<ReadonlyMap<string, readonly T[]>>;
  /** Lines that cannot be read, each by its place, for people. */
  damaged(): Promise<readonly string[]>;
}

/** Where bytes that are not what they should be were put. */
export interface SetAside {
  readonly what: string;
  readonly aside: string;
  /** What a person restores, and from where. */
  readonly remedy: string;
}

/** Bytes by name, each kept whole or not at all. */
export interface Bytes {
  has(name: string): Promise<boolean>;
  /** @returns undefined where there are none */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, data: string | Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Moves damaged bytes out of the way; nothing is deleted. */
  setAside(name: string): Promise<SetAside>;
}

/** Bytes that are not what their name promises. They were set aside, so that the next writer can store them anew. */
export class DamagedTextError extends Error {
  constructor({ what, aside, remedy }: SetAside) {
    super(`${what} is damaged; it was set aside as ${aside}. ${remedy}`);
    this.name = "DamagedTextError";
  }
}
