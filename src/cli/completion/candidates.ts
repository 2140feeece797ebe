import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { CommandEntry } from "../catalogue.ts";

/** What a shell knows when somebody presses the tab key. */
export interface Typed {
  /** Words after `sitewright`; the last one is being typed and may be empty. */
  readonly words: readonly string[];
  readonly commands: readonly CommandEntry[];
  /** Options that every command takes, as catalogue flags. */
  readonly globals: readonly string[];
  /** Root of the workspace; undefined outside of one. */
  readonly root: string | undefined;
  /** Values of options, by the option's long name without dashes. */
  readonly values: Readonly<Record<string, readonly string[]>>;
}

/** What may stand where the person types; empty where only they can know (a file, a time), so that the shell offers
 *  files. Reads names of folders only: a tab key must answer at once. */
export function candidates(typed: Typed): string[] {
  const word = typed.words.at(-1) ?? "";
  return offered(typed)
    .filter((candidate) => candidate.startsWith(word))
    .sort();
}

function offered(typed: Typed): string[] {
  const { words, commands, globals } = typed;
  const before = words.slice(0, -1);
  const word = words.at(-1) ?? "";
  const command = commands.find(({ name }) => before.includes(name));
  const flags = [...globals, ...(command?.options ?? []).map(([flag]) => flag)];
  const open = openOption(before.at(-1), flags);
  if (open !== undefined) return [...(typed.values[open] ?? [])];
  if (word.startsWith("-")) return flags.flatMap(longName);
  if (command === undefined) return commands.map(({ name }) => name);
  const args = before.slice(before.indexOf(command.name) + 1).filter((arg) => !arg.startsWith("-"));
  if (command.actions !== undefined && args.length === 0) return [...command.actions];
  return takesSelectors(command) ? selectors(typed.root, word) : [];
}

/** The option that waits for its value, by its long name. */
function openOption(word: string | undefined, flags: readonly string[]): string | undefined {
  if (word === undefined || !word.startsWith("-")) return undefined;
  const flag = flags.find((candidate) => candidate.split(/[ ,]+/).includes(word));
  return flag !== undefined && /<.*>/.test(flag) ? word.replace(/^-+/, "") : undefined;
}

function longName(flag: string): string[] {
  return flag.split(/[ ,]+/).filter((part) => part.startsWith("--"));
}

function takesSelectors(command: CommandEntry): boolean {
  return /selectors|<site>|words/.test(command.args);
}

/** Clients, then their sites, then devices, as far as the word goes. */
function selectors(root: string | undefined, word: string): string[] {
  if (root === undefined) return [];
  const [client, site] = word.split("/");
  const inventory = join(root, "inventory");
  if (!word.includes("/") || client === undefined) return foldersWith(inventory, "client");
  if (site === undefined || word.split("/").length < 3)
    return foldersWith(join(inventory, client), "site").map((name) => `${client}/${name}`);
  const folder = join(inventory, client, site);
  return [...filesIn(join(folder, "devices")), ...filesIn(join(folder, "servers"))].map(
    (file) => `${client}/${site}/${file}`,
  );
}

/** A client's and a site's folder hold a file of that name; others (models, pools) do not. */
function foldersWith(folder: string, file: string): string[] {
  return foldersIn(folder).filter((name) => filesIn(join(folder, name)).includes(file));
}

function foldersIn(folder: string): string[] {
  return entriesIn(folder).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function filesIn(folder: string): string[] {
  return entriesIn(folder).flatMap(({ name }) => (name.endsWith(".yaml") ? [name.slice(0, -5)] : []));
}

function entriesIn(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
