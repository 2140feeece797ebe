/** A value that both databases keep alike. */
export type SqlValue = string | number | null | Uint8Array;
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** Runs one statement; `?` stands for each parameter in turn. */
export interface SqlSession {
  run(statement: string, parameters?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
}

/** A database behind the store: SQLite in a file, or PostgreSQL. */
export interface SqlDatabase extends SqlSession {
  /** What it is, for people; never with a password. */
  readonly place: string;
  /** Runs `work` whole or not at all, and never beside another transaction of any process. */
  transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T>;
  /** Names of the tables that are there. */
  tables(): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

/** The store cannot be used; `hint` says what to do. */
export class StoreError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StoreError";
    this.hint = hint;
  }
}

/** Reads a column that holds text. */
export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new StoreError(`column ${column} holds no text`, "restore the store");
  return value;
}

/** Reads a column that holds a number. */
export function numberOf(row: SqlRow, column: string): number {
  const value = row[column];
  if (typeof value !== "number")
    throw new StoreError(`column ${column} holds no number`, "restore the store");
  return value;
}

/** Reads a column that holds bytes. */
export function bytesOf(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) {
    throw new StoreError(`column ${column} holds no bytes`, "restore the store");
  }
  return value;
}
