/** Options that every command takes, before or after its name: `[flags, description]`. */
export const GLOBAL_FLAGS: readonly (readonly [string, string])[] = [
  ["-C <dir>", "work in this workspace"],
  ["--json", "one JSON document on stdout"],
  ["--lang <lang>", "en or zh"],
  ["--no-color", "no colours"],
  ["-q, --quiet", "no notes and no progress"],
  ["-v, --verbose", "more detail"],
  ["--yes", "answer yes to every question"],
];

/** The same by the names under which commander gives them. */
export const GLOBAL_NAMES: ReadonlySet<string> = new Set([
  "C",
  "json",
  "lang",
  "color",
  "quiet",
  "verbose",
  "yes",
]);
