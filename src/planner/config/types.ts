import type { Finding } from "../../model/finding.ts";

/** One statement of a configuration and what stands below it. */
export interface ConfigNode {
  /** Canonical spelling without indentation; what equality and paths use. */
  readonly key: string;
  /** The lines as the device printed them, joined by `\n` (several for banners and certificates). */
  readonly text: string;
  /** First line in the source, from 1. */
  readonly line: number;
  readonly children: readonly ConfigNode[];
  /** False where no entry of the dialect's table knows the statement. */
  readonly understood: boolean;
  /** Comments (separators, blank lines) and closers (`exit-address-family`, `end`) are kept and say nothing. */
  readonly role: "statement" | "comment" | "close";
}

/** A parsed configuration: nothing is lost. */
export interface ConfigTree {
  readonly platform: string;
  readonly nodes: readonly ConfigNode[];
  /** Lines read, lines understood, noise lines removed. */
  readonly lines: number;
  readonly understood: number;
  readonly removed: number;
  readonly unknown: readonly { readonly line: number; readonly text: string }[];
  readonly findings: readonly Finding[];
}

/** From one address of the device to another. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/** Which part of a configuration is ours. `full`: everything. `claims`: only statements under these paths;
 *  a path is a list of patterns, one a level, matched against canonical keys (`*` within a word, `**` for the rest of a line). */
export type Scope =
  | { readonly kind: "full" }
  | { readonly kind: "claims"; readonly paths: readonly (readonly string[])[] };

export interface ChangeOptions {
  readonly scope: Scope;
  /** Address that management comes from; without it access is not proved and a finding says so. */
  readonly management?: string;
  /** The device's own address, where the change moves the one that it is managed at. Of the way in by the old one it is
   *  asked only that it stands until the last command, and that the way in by the new one stands then. */
  readonly move?: Move;
  /** Secret references (without version) whose lines are to be sent anew although the device shows only a hash. */
  readonly rotatedSecrets?: readonly string[];
  /** Ask for the proof of every prefix (default true). */
  readonly prove?: boolean;
}

/** One step of a change: a header path and the command, with what undoes it and why it is there. */
export interface ChangeStep {
  /** Canonical path of the statement that it changes. */
  readonly path: readonly string[];
  /** Lines to type in configuration mode, block headers included. */
  readonly commands: readonly string[];
  readonly reason: string;
}

/** What a statement was and becomes. Paths are canonical; values are text, undefined where absent. */
export interface ConfigItem {
  readonly path: readonly string[];
  readonly kind: "added" | "removed" | "changed";
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** False outside the scope. */
  readonly managed: boolean;
}

/** An ordered list of commands with its rollback. Rollback, steps, items and prediction are worked out when they are read.
 *  Commands may hold `${secret:env:NAME@1}`, replaced only where the bytes leave for the device. */
export interface Change {
  readonly equal: boolean;
  readonly commands: readonly string[];
  readonly rollback: readonly string[];
  readonly steps: readonly ChangeStep[];
  readonly items: readonly ConfigItem[];
  readonly findings: readonly Finding[];
  /** Canonical text of what the device should hold afterwards, unmanaged lines included. */
  readonly predicted: string;
  /** Statements outside the scope, left alone. */
  readonly unmanaged: number;
  /** Place in `commands` of the one with which a session over an address that goes may end; all that the change needs
   *  stands before it or comes with it. Absent where no session may end on the way. */
  readonly departure?: number;
}
