import { compareText, type FileWhere, type Finding, sortFindings } from "../../model/finding.ts";

/** Collects what a platform cannot express, each with the place in the YAML that asks for it. */
export interface Refusals {
  /** Refuses a wish. @param what - the wish, in the reader's words @param hint - what to type instead */
  refuse(what: string, hint: string, where: FileWhere): void;
  /** Gives a text back that a configuration line can hold; refuses it where it cannot. */
  text(value: string, what: string, where: FileWhere, rule?: TextRule): string;
  findings(): readonly Finding[];
}

/** What a platform takes as free text. */
interface TextRule {
  readonly maxChars?: number;
  readonly asciiOnly?: boolean;
  /** A single word: no blanks. */
  readonly word?: boolean;
}

const MESSAGE_CHARS = 100;

/** Starts a collection for one device. @param title - the platform's name, as in `Cisco IOS-XE` */
export function collectRefusals(title: string): Refusals {
  const found: Finding[] = [];
  const refuse = (what: string, hint: string, where: FileWhere): void => {
    const message = `${title} cannot express ${what}`;
    const short = message.length > MESSAGE_CHARS ? `${message.slice(0, MESSAGE_CHARS - 1)}…` : message;
    found.push({ code: "DRV-UNSUPPORTED", severity: "error", message: short, hint, where });
  };
  return {
    refuse,
    text(value, what, where, rule = {}) {
      const trouble = troubleOf(value, rule);
      if (trouble === undefined) return value;
      refuse(`${what} ${trouble}: ${JSON.stringify(value)}`, `Write ${what} ${adviceOf(rule)}.`, where);
      return value.replace(/\p{Cc}/gu, " ").replaceAll("?", "");
    },
    findings: () => unique(sortFindings(found)),
  };
}

function troubleOf(value: string, rule: TextRule): string | undefined {
  if (/\p{Cc}/u.test(value)) return "with control characters";
  if (value.includes("?")) return "with a question mark";
  if (value.trim() !== value || value === "") return "that is empty or begins or ends with a blank";
  if (rule.word && /\s/.test(value)) return "with blanks";
  if (rule.asciiOnly && /[^\x20-\x7e]/.test(value)) return "with letters beyond ASCII";
  if (rule.maxChars !== undefined && value.length > rule.maxChars)
    return `longer than ${rule.maxChars} characters`;
  return undefined;
}

function adviceOf(rule: TextRule): string {
  const parts = ["without control characters and question marks"];
  if (rule.word) parts.push("without blanks");
  if (rule.asciiOnly) parts.push("in plain ASCII");
  if (rule.maxChars !== undefined) parts.push(`in at most ${rule.maxChars} characters`);
  return parts.join(", ");
}

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = JSON.stringify([finding.message, finding.where]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Sorts by a text that each item gives. */
export function sortBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...items].sort((a, b) => compareText(key(a), key(b)));
}
