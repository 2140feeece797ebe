import { type EvidenceReader, type EvidenceRecord, linesOf, record } from "../evidence.ts";
import { offsetOf, readTime } from "../evidence-time.ts";

/** Who configured a FortiGate, out of its event log. */
export const fortiosEvidence: EvidenceReader = {
  commands: { clock: "get system status", events: "execute log display" },
  clock: () => undefined,
  read: (answers) =>
    linesOf(answers.events).flatMap((line) => {
      const fields = fieldsOf(line);
      return eventRecord(fields, line.trim(), timeOf(fields)) ?? [];
    }),
  message: (text, _program, atMs) => {
    const fields = fieldsOf(text);
    return eventRecord(fields, text, timeOf(fields) ?? atMs);
  },
};

/** `key=value` and `key="value with blanks"`. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const match of text.matchAll(/(?:^|\s)([a-z_]{2,24})=(?:"([^"]*)"|(\S*))/g)) {
    const key = match[1] ?? "";
    // The first wins: a value that was typed by a stranger comes later in the line.
    if (!fields.has(key)) fields.set(key, match[2] ?? match[3] ?? "");
  }
  return fields;
}

function timeOf(fields: ReadonlyMap<string, string>): number | undefined {
  const nanoseconds = /^(\d{13})\d*$/.exec(fields.get("eventtime") ?? "")?.[1];
  if (nanoseconds !== undefined) return Number(nanoseconds);
  const zone = fields.get("tz");
  if (zone === undefined) return undefined;
  const offsetMinutes = offsetOf(zone);
  return readTime(`${fields.get("date")} ${fields.get("time")}`, { nowMs: 0, offsetMinutes })?.atMs;
}

function eventRecord(
  fields: ReadonlyMap<string, string>,
  line: string,
  atMs: number | undefined,
): EvidenceRecord | undefined {
  const who = fields.get("user");
  if (who === undefined || who === "" || fields.get("type") !== "event") return undefined;
  const [, means = "", inside] = /^([\w-]+)(?:\(([^)]*)\))?/.exec(fields.get("ui") ?? "") ?? [];
  const from = inside ?? fields.get("srcip");
  const base = { who, means, from, atMs, line };
  if (fields.get("action") === "login" && fields.get("status") === "success")
    return record({ ...base, kind: "login" });
  if (fields.get("action") === "logout") return record({ ...base, kind: "logout" });
  const path = fields.get("cfgpath");
  if (path === undefined) return undefined;
  const object = fields.get("cfgobj");
  const command = [path.replaceAll(".", " "), object, fields.get("cfgattr")].filter(Boolean).join(" ");
  return record({ ...base, kind: "command", command });
}
