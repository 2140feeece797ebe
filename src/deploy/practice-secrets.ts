import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "./stores/atomic.ts";

/** Values of `env:` secrets that `lab up` made for practice devices, by the variable's name. */
export type PracticeValues = Readonly<Record<string, string>>;

/** Reads the practice values of a workspace; empty where no lab was ever up. */
export function readPracticeSecrets(root: string): PracticeValues {
  const file = practiceSecretsFile(root);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as PracticeValues) : {};
}

/** Keeps the practice values, readable by this user only. */
export async function writePracticeSecrets(root: string, values: PracticeValues): Promise<void> {
  await writeAtomic(practiceSecretsFile(root), `${JSON.stringify(values, undefined, 2)}\n`);
}

/** Stands in for the environment where it lacks a variable, as long as nothing but practice devices is concerned:
 *  a real device must never be given a practice secret. */
export function practiceFallback(root: string, onlyLab: () => boolean): (name: string) => string | undefined {
  return (name) => (onlyLab() ? readPracticeSecrets(root)[name] : undefined);
}

function practiceSecretsFile(root: string): string {
  return join(root, ".sitewright", "lab", "secrets.json");
}
