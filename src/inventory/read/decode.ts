import type { FileWhere, Finding } from "../../model/finding.ts";

/** The largest file that is read, bytes: an inventory file of this size is a mistake. */
export const MAX_FILE_BYTES = 2 * 1024 * 1024;

/** Turns a file's bytes into text, or says what is wrong with them. A leading UTF-8 mark is dropped. */
export function decodeFile(file: string, bytes: Uint8Array): { text: string } | { finding: Finding } {
  const utf16 =
    bytes.length >= 2 &&
    ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
  if (utf16)
    return { finding: wrongEncoding({ file, line: 1, column: 1 }, "the file is in UTF-16, not in UTF-8") };
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    return {
      finding: wrongEncoding(
        placeOf(file, bytes, nul),
        "the file holds a NUL byte: it is binary, or in UTF-16",
      ),
    };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    const bad = firstBadByte(bytes);
    const value = (bytes[bad] ?? 0).toString(16).padStart(2, "0");
    return { finding: wrongEncoding(placeOf(file, bytes, bad), `the byte 0x${value} is not UTF-8`) };
  }
}

function wrongEncoding(where: FileWhere, message: string): Finding {
  return {
    code: "INV-ENCODING",
    severity: "error",
    message,
    hint: "save the file as UTF-8; a file in GBK converts with `iconv -f GB18030 -t UTF-8`",
    where,
  };
}

function placeOf(file: string, bytes: Uint8Array, offset: number): FileWhere {
  let line = 1;
  let lineStart = 0;
  for (let index = 0; index < offset; index++) {
    if (bytes[index] !== 0x0a) continue;
    line++;
    lineStart = index + 1;
  }
  return { file, line, column: offset - lineStart + 1 };
}

/** Finds the first byte that no UTF-8 text has in its place, by halving: decoding a prefix tells whether it lies before. */
function firstBadByte(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (prefixDecodes(bytes.subarray(0, middle + 1))) low = middle + 1;
    else high = middle;
  }
  // What breaks may be a later byte of a character: its first one is what an editor shows.
  let start = Math.min(low, bytes.length - 1);
  while (start > 0 && low - start < 4 && !decodesWhole(bytes.subarray(0, start))) start--;
  return start;
}

function decodesWhole(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A prefix that ends within a character is still sound: `stream` leaves its rest aside. */
function prefixDecodes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
