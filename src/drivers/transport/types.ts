import type { Secret } from "../../model/secret.ts";

/** Where bytes go. A lab or a test binds a management address to loopback or to a Unix socket; the product never
 *  dials a sample site's address itself. */
export type Endpoint =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "socket"; readonly path: string };

export interface Login {
  readonly user: string;
  readonly password?: Secret;
  /** OpenSSH private key text. */
  readonly key?: Secret;
  /** Path of an agent socket. */
  readonly agent?: string;
}

export interface JumpTarget {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly login: Login;
  readonly hostKeys: readonly string[];
}

/** A device to talk to, with everything resolved: no reference is left to look up. */
export interface DeviceTarget {
  /** `client/site/device`. */
  readonly device: string;
  readonly endpoint: Endpoint;
  readonly login: Login;
  readonly enable?: Secret;
  /** Accepted host keys (`ssh-ed25519 AAAA…`); a key not among them ends the session with `host-key`. Never empty. */
  readonly hostKeys: readonly string[];
  readonly jump: readonly JumpTarget[];
  readonly legacyAlgorithms: boolean;
  /** Hostname that the device should answer with; undefined where its rename is part of the change. */
  readonly expectHostname?: string;
  readonly timeouts: Timeouts;
}

/** Limits of each step, milliseconds. */
export interface Timeouts {
  readonly connectMs: number;
  readonly commandMs: number;
  readonly keepaliveMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 20_000, commandMs: 60_000, keepaliveMs: 10_000 };

export interface ExecResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An authenticated SSH connection. */
export interface Connection {
  /** Runs one command on an exec channel. */
  exec(
    command: string,
    options?: { readonly stdin?: string; readonly timeoutMs?: number },
  ): Promise<ExecResult>;
  /** Opens an interactive shell (a pty without width limits where the device allows). */
  shell(): Promise<ShellChannel>;
  close(): Promise<void>;
}

/** An interactive CLI: write a line, read to the prompt. */
export interface ShellChannel {
  write(text: string): void;
  /** Reads until one pattern matches at the end of what came, or throws `timeout`/`closed`.
   *  Returns the text and which pattern matched. */
  until(
    patterns: readonly RegExp[],
    timeoutMs: number,
  ): Promise<{ readonly text: string; readonly index: number }>;
  close(): void;
}
