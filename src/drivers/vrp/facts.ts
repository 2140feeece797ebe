import type { RunningState } from "../driver.ts";

/** Tells whether the device would come back from a reboot with what runs now. */
export function savedState(running: string, saved: string | undefined): RunningState["saved"] {
  if (saved === undefined) return "unknown";
  return bodyOf(running) === bodyOf(saved) ? "same" : "differs";
}

/** Separators and headers that say when, not what. */
const HEADERS = [/^[#!]/, /^\s*$/, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/];

function bodyOf(text: string): string {
  const lines = text.split("\n").filter((line) => !HEADERS.some((pattern) => pattern.test(line)));
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** Reads model, version and serial number out of `display version` and `display esn`. */
export function factsOf(version: string, esn: string, running: string): RunningState["facts"] {
  const hostname = /^sysname (\S+)$/m.exec(running)?.[1];
  const model = /^(?:HUAWEI|Quidway) (\S+) .*uptime is/im.exec(version)?.[1];
  const release = /^VRP \(R\) software, Version (\S+ \([^)]*\))/im.exec(version)?.[1];
  const serial = /\b(?:ESN|Serial)\b[^:\n]*:\s*([0-9A-Z]{10,})/i.exec(esn)?.[1];
  return {
    ...(hostname === undefined ? {} : { hostname }),
    ...(model === undefined ? {} : { model }),
    ...(release === undefined ? {} : { version: release }),
    ...(serial === undefined ? {} : { serial }),
  };
}

/** The file that the device will start from next, as `display startup` names it; undefined where there is none. */
export function nextStartup(shown: string): string | undefined {
  const file = /^\s*Next startup saved-configuration file:\s*(\S+)/im.exec(shown)?.[1];
  return file === undefined || file.toLowerCase() === "null" ? undefined : file;
}

/** The copy that a push leaves on flash, which its name describes: the push's token, and the file that the device
 *  started from before. */
export interface Checkpoint {
  readonly file: string;
  readonly token: string;
  readonly startup: string;
}

const CHECKPOINT = /\bsw_([A-Za-z0-9.-]{1,40})_([A-Za-z0-9.-]{1,20})_(zip|cfg|dat)\.cfg\b/;

/** Longest file name that VRP takes. */
const FILE_CHARS = 64;

/** Names the copy of a push; undefined where token or file do not fit into a name. */
export function checkpointOf(token: string, startup: string): Checkpoint | undefined {
  const match = /([A-Za-z0-9.-]+)\.(zip|cfg|dat)$/.exec(startup);
  if (!match) return undefined;
  const file = `sw_${token}_${match[1]}_${match[2]}.cfg`;
  const read = findCheckpoint(file);
  return read?.token === token && file.length <= FILE_CHARS ? read : undefined;
}

/** Finds the copy of a push in the output of a listing. */
export function findCheckpoint(text: string): Checkpoint | undefined {
  const match = CHECKPOINT.exec(text);
  if (!match) return undefined;
  return { file: match[0], token: match[1] ?? "", startup: `${match[2]}.${match[3]}` };
}
