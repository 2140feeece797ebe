/** A versioned reference to a secret, as written in YAML: `env:NAME@1`, `file:PATH@1`,
 *  `sops:FILE#KEY@1`, `pulumi:KEY@1`. The version makes a rotation a change; the value is
 *  resolved at the last moment, in the process that talks to the device (D5). */
export interface SecretRef {
  readonly scheme: "env" | "file" | "sops" | "pulumi";
  readonly locator: string;
  readonly version: string;
}

/** The shape of a reference in text. */
export const SECRET_REF_PATTERN = /^(env|file|sops|pulumi):([^@\s]+)@([A-Za-z0-9._-]+)$/;

/** Parses a reference; undefined where the text is not one. */
export function parseSecretRef(text: string): SecretRef | undefined {
  const match = SECRET_REF_PATTERN.exec(text);
  if (!match) return undefined;
  return { scheme: match[1] as SecretRef["scheme"], locator: match[2] ?? "", version: match[3] ?? "" };
}

/** Spells a reference as in YAML. */
export function formatSecretRef(ref: SecretRef): string {
  return `${ref.scheme}:${ref.locator}@${ref.version}`;
}

/** The placeholder of a secret in a rendered line; the session puts the clear text in. */
export function secretPlaceholder(ref: SecretRef): string {
  return `\${secret:${formatSecretRef(ref)}}`;
}

/** A secret in clear. It has no printable form: logging, JSON and templates see `[secret]`. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** Gives the clear text; call it only where the bytes leave for the device. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
