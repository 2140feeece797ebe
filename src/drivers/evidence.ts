import type { LogClock } from "./evidence-time.ts";

/** Something that a device or a log tells of a person. Texts come from outside: whoever shows them cleans them. */
export interface EvidenceRecord {
  /** `command`: what was typed; `change`: that the configuration was changed, not how; the rest are sessions. */
  readonly kind: "login" | "logout" | "command" | "change";
  readonly who: string;
  /** Address of the person's machine, where the line has it. */
  readonly from: string | undefined;
  /** By which way: `vty0`, `console`, `ssh`, `sudo`. Lines of one session carry the same way. */
  readonly means: string;
  /** Milliseconds since 1970 by the clock that wrote the line; undefined where the line has no time. */
  readonly atMs: number | undefined;
  readonly command: string | undefined;
  /** The line as it stood in the log. */
  readonly line: string;
}

/** Answers to the commands of a reader; undefined where the device refused. */
export type Answers = Readonly<Record<string, string | undefined>>;

/** How a platform tells who was there. Pure; the session only fetches the answers. */
export interface EvidenceReader {
  /** Commands that only read, by a name for each. */
  readonly commands: Readonly<Record<string, string>>;
  /** The device's clock, out of the answers; undefined where it does not tell.
   *  @param nowMs - our clock when the answers came */
  clock(answers: Answers, nowMs: number): LogClock | undefined;
  /** Records in the order of the log, oldest first. */
  read(answers: Answers, clock: LogClock): readonly EvidenceRecord[];
  /** One message as the platform sends it to a syslog server, without the header.
   *  @param program - the program that the header names, if any */
  message(text: string, program: string | undefined, atMs: number): EvidenceRecord | undefined;
}

/** Makes a record; what the line does not tell stays undefined. */
export function record(
  known: Pick<EvidenceRecord, "kind" | "who" | "means" | "line"> & Partial<EvidenceRecord>,
): EvidenceRecord {
  return { from: undefined, atMs: undefined, command: undefined, ...known };
}

/** The lines of an answer, none where there was none; a device's line ends are cut off. */
export function linesOf(answer: string | undefined): readonly string[] {
  return (answer ?? "").split(/\r?\n/).slice(-MAX_LINES);
}

/** The most lines of a log that are looked at, newest last. */
const MAX_LINES = 20_000;
