import type { CommandEntry } from "./catalogue.ts";

/** The words of `--help` in one language. */
export interface HelpWords {
  readonly description: string;
  /** What commander says around our words. */
  readonly said: (english: string) => string;
  readonly global: (flags: string, english: string) => string;
  readonly summary: (entry: CommandEntry) => string;
  readonly option: (entry: CommandEntry, flags: string, english: string) => string;
}

const ENGLISH: HelpWords = {
  description: "Networks of many clients as code: YAML to devices, proved, and drift named.",
  said: (english) => english,
  global: (_flags, english) => english,
  summary: (entry) => entry.summary,
  option: (_entry, _flags, english) => english,
};

/** The language of a run: `--lang`, else that of the machine. Help is written before options are read. */
export function languageOf(argv: readonly string[], environment = process.env): "en" | "zh" {
  const at = argv.lastIndexOf("--lang");
  const given = at < 0 ? argv.findLast((word) => word.startsWith("--lang="))?.slice(7) : argv[at + 1];
  if (given !== undefined) return given === "zh" ? "zh" : "en";
  return environment.LANG?.startsWith("zh") ? "zh" : "en";
}

/** Loads the words; the Chinese ones only where they are wanted. */
export async function helpWords(argv: readonly string[]): Promise<HelpWords> {
  if (languageOf(argv) === "en") return ENGLISH;
  const { CHINESE, CHINESE_DESCRIPTION, CHINESE_GLOBALS, CHINESE_WORDS } = await import("./text/help-zh.ts");
  return {
    description: CHINESE_DESCRIPTION,
    said: (english) => CHINESE_WORDS[english] ?? english,
    global: (flags, english) => CHINESE_GLOBALS[nameOf(flags)] ?? english,
    summary: (entry) => CHINESE[entry.name]?.summary ?? entry.summary,
    option: (entry, flags, english) => CHINESE[entry.name]?.options?.[nameOf(flags)] ?? english,
  };
}

/** The name by which an option is known, `--out` of `-o, --out <file>`. */
export function nameOf(flags: string): string {
  const names = flags.split(/[ ,]+/).filter((part) => part.startsWith("-"));
  return names.find((name) => name.startsWith("--")) ?? names[0] ?? flags;
}
