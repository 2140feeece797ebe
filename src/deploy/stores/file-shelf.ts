import { access, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "./atomic.ts";
import { appendLine, fileNameOf, idOfFileName, readLines, tornLines } from "./jsonl.ts";
import type { Bytes, Log } from "./shelf.ts";

const ENDING = ".jsonl";

/** A log as one append-only file an item. */
export function fileLog<T>(folder: string): Log<T> {
  const pathOf = (item: string) => join(folder, `${fileNameOf(item)}${ENDING}`);
  const items = async () =>
    (await namesIn(folder))
      .filter((file) => file.endsWith(ENDING))
      .map((file) => idOfFileName(file.slice(0, -ENDING.length)))
      .sort();
  return {
    append: (item, line) => appendLine(pathOf(item), line),
    read: (item) => readLines<T>(pathOf(item)),
    async readAll() {
      const names = await items();
      return new Map(
        await Promise.all(names.map(async (item) => [item, await readLines<T>(pathOf(item))] as const)),
      );
    },
    async damaged() {
      const torn = (await items()).map((item) => tornLines(pathOf(item)));
      return (await Promise.all(torn)).flat();
    },
  };
}

/** A log as one append-only file for all items. @param itemOf - tells whose a line is */
export function singleFileLog<T>(file: string, itemOf: (line: T) => string): Log<T> {
  return {
    append: (_item, line) => appendLine(file, line),
    async read(item) {
      return (await readLines<T>(file)).filter((line) => itemOf(line) === item);
    },
    async readAll() {
      return Map.groupBy(await readLines<T>(file), itemOf);
    },
    damaged: () => tornLines(file),
  };
}

/** Bytes as files. @param pathOf - the file of a name */
export function fileBytes(pathOf: (name: string) => string): Bytes {
  return {
    has: (name) =>
      access(pathOf(name)).then(
        () => true,
        () => false,
      ),
    read: (name) => readFile(pathOf(name)).catch(ifAbsent(undefined)),
    write: (name, data) => writeAtomic(pathOf(name), data),
    remove: (name) => rm(pathOf(name), { force: true }),
    async setAside(name) {
      const what = pathOf(name);
      const aside = `${what}.damaged`;
      await rename(what, aside);
      return { what, aside, remedy: "Restore that file from your backup of .sitewright" };
    },
  };
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(ifAbsent<string[]>([]));
}

function ifAbsent<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === "ENOENT") return instead;
    throw error;
  };
}
