/** A file that is made from a single source. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

/** A JSON Schema as data. */
export type JsonSchema = { readonly [key: string]: unknown };
