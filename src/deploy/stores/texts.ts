import { access, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { writeAtomic } from "./atomic.ts";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Bytes of a stored text that are not what its name promises. The file was set aside, so that the next reading of
 *  the device can store the text anew; nothing is deleted. */
export class DamagedTextError extends Error {
  /** @param path - the damaged file
   *  @param aside - where it lies now */
  constructor(path: string, aside: string) {
    super(
      `${path} is damaged; it was set aside as ${aside}. Restore that file from your backup of .sitewright`,
    );
    this.name = "DamagedTextError";
  }
}

/** Texts by digest, each kept once, compressed: `<folder>/<two digits>/<digest><ending>`. */
export interface TextFolder {
  has(digest: string): Promise<boolean>;
  put(digest: string, text: string): Promise<void>;
  /** @returns undefined where there is no such text
   *  @throws DamagedTextError */
  get(digest: string): Promise<string | undefined>;
}

/** How a text is kept beyond being compressed. */
export interface TextCare {
  readonly ending: string;
  /** Seals packed bytes before they are written. */
  readonly seal: (packed: Uint8Array) => Promise<Uint8Array>;
  readonly open: (sealed: Uint8Array) => Promise<Uint8Array>;
  /** Tells whether a text is the one that the digest names. */
  readonly matches: (digest: string, text: string) => boolean;
}

/** Opens a folder of texts. */
export function textFolder(folder: string, care: TextCare): TextFolder {
  const pathOf = (digest: string) => {
    const hex = hexOf(digest);
    return join(folder, hex.slice(0, 2), `${hex}${care.ending}`);
  };
  return {
    has: (digest) => exists(pathOf(digest)),
    put: async (digest, text) =>
      writeAtomic(pathOf(digest), await care.seal(await pack(Buffer.from(text, "utf8")))),
    async get(digest) {
      const path = pathOf(digest);
      if (!(await exists(path))) return undefined;
      const packed = await care.open(await readFile(path));
      const text = await unpack(packed).then(
        (bytes) => bytes.toString("utf8"),
        () => undefined,
      );
      if (text !== undefined && care.matches(digest, text)) return text;
      const aside = `${path}.damaged`;
      await rename(path, aside);
      throw new DamagedTextError(path, aside);
    },
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function hexOf(digest: string): string {
  const hex = digest.slice(digest.indexOf(":") + 1);
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error(`not a digest: ${digest}`);
  return hex;
}
