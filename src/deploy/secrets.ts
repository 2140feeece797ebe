import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { promisify } from "node:util";
import { formatSecretRef, parseSecretRef, Secret, type SecretRef } from "../model/secret.ts";

const run = promisify(execFile);

/** A secret that cannot be had; `reference` names it, the value is never part of a message. */
export class SecretError extends Error {
  readonly reference: string;
  readonly hint: string;
  constructor(reference: string, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "SecretError";
    this.reference = reference;
    this.hint = hint;
  }
}

/** Gives secrets in clear, at the last moment, in the process that talks to the device (D5). */
export interface SecretResolver {
  /** @throws SecretError */
  resolve(ref: SecretRef): Promise<Secret>;
  /** The same for a reference in text, as it stands in `${secret:…}`. @throws SecretError */
  reveal(reference: string): Promise<Secret>;
}

/** What secrets are looked up with. */
export interface SecretOptions {
  /** Relative paths of `file:` and `sops:` start here. */
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Asked for a variable that the environment lacks. */
  readonly fallback?: (name: string) => string | undefined;
  /** Reads a key of the stack's Pulumi configuration; left out where no stack is at hand. */
  readonly pulumiConfig?: (key: string) => Promise<string>;
}

/** Opens a resolver; each secret is looked up once a process. */
export function openSecrets(options: SecretOptions): SecretResolver {
  const known = new Map<string, Promise<Secret>>();
  const resolveRef = (ref: SecretRef): Promise<Secret> => {
    const name = formatSecretRef(ref);
    const found = known.get(name) ?? lookUp(ref, options).then((value) => new Secret(value));
    known.set(name, found);
    return found;
  };
  return {
    resolve: resolveRef,
    async reveal(reference) {
      const ref = parseSecretRef(reference);
      if (!ref) {
        throw new SecretError(
          reference,
          `${reference} is no secret reference`,
          "write env:NAME@VERSION, file:PATH@VERSION, sops:FILE#KEY@VERSION or pulumi:KEY@VERSION",
        );
      }
      return resolveRef(ref);
    },
  };
}

async function lookUp(ref: SecretRef, options: SecretOptions): Promise<string> {
  switch (ref.scheme) {
    case "env":
      return fromEnvironment(ref, options);
    case "file":
      return fromFile(ref, options.root);
    case "sops":
      return fromSops(ref, options);
    case "pulumi":
      return fromPulumi(ref, options);
  }
}

function fromEnvironment(ref: SecretRef, options: SecretOptions): string {
  const value = options.environment[ref.locator] || options.fallback?.(ref.locator);
  if (value !== undefined && value !== "") return value;
  throw missing(ref, `environment variable ${ref.locator} is not set`, `export ${ref.locator}=…`);
}

async function fromFile(ref: SecretRef, root: string): Promise<string> {
  const path = isAbsolute(ref.locator) ? ref.locator : resolve(root, ref.locator);
  try {
    return withoutLastNewline(await readFile(path, "utf8"));
  } catch (error) {
    throw missing(ref, `secret file ${ref.locator} cannot be read`, `put the secret into ${path}`, error);
  }
}

async function fromSops(ref: SecretRef, options: SecretOptions): Promise<string> {
  const [file, key] = ref.locator.split("#");
  if (!file || !key) {
    throw missing(ref, `${formatSecretRef(ref)} names no key`, "write sops:FILE#KEY@VERSION");
  }
  const extract = key
    .split(".")
    .map((part) => `[${JSON.stringify(part)}]`)
    .join("");
  try {
    const { stdout } = await run("sops", ["--decrypt", "--extract", extract, resolve(options.root, file)], {
      env: options.environment,
      timeout: 30_000,
    });
    return withoutLastNewline(stdout);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw missing(
        ref,
        "sops is not installed",
        "install sops, or write the secret as env: or file:",
        error,
      );
    }
    throw missing(ref, `sops cannot decrypt ${file}`, `try: sops --decrypt ${file}`, error);
  }
}

async function fromPulumi(ref: SecretRef, options: SecretOptions): Promise<string> {
  if (!options.pulumiConfig) {
    throw missing(
      ref,
      `no Pulumi stack is at hand for ${ref.locator}`,
      "select the stack, or write env: or file:",
    );
  }
  try {
    return await options.pulumiConfig(ref.locator);
  } catch (error) {
    throw missing(
      ref,
      `Pulumi configuration has no readable key ${ref.locator}`,
      `type: pulumi config set --secret ${ref.locator}`,
      error,
    );
  }
}

function missing(ref: SecretRef, message: string, hint: string, cause?: unknown): SecretError {
  return new SecretError(formatSecretRef(ref), message, hint, cause);
}

function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}
