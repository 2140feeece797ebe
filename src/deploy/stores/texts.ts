import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { type Bytes, DamagedTextError } from "./shelf.ts";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Texts by digest, each kept once, compressed. */
export interface Texts {
  has(digest: string): Promise<boolean>;
  put(digest: string, text: string): Promise<void>;
  /** @returns undefined where there is no such text
   *  @throws DamagedTextError */
  get(digest: string): Promise<string | undefined>;
}

/** How a text is kept beyond being compressed. */
export interface TextCare {
  /** Seals packed bytes before they are written. */
  readonly seal: (packed: Uint8Array) => Promise<Uint8Array>;
  readonly open: (sealed: Uint8Array) => Promise<Uint8Array>;
  /** Tells whether a text is the one that the digest names. */
  readonly matches: (digest: string, text: string) => boolean;
  /** What a whole text means that does not match: `damage`, or that its digest was made with another key. */
  readonly mismatch: "damage" | "another-key";
}

/** Keeps texts as bytes, each under the hex digits of its digest. */
export function textsIn(bytes: Bytes, care: TextCare): Texts {
  return {
    has: (digest) => bytes.has(hexOf(digest)),
    put: async (digest, text) =>
      bytes.write(hexOf(digest), await care.seal(await pack(Buffer.from(text, "utf8")))),
    async get(digest) {
      const sealed = await bytes.read(hexOf(digest));
      if (sealed === undefined) return undefined;
      const text = await unpack(await care.open(sealed)).then(
        (unpacked) => unpacked.toString("utf8"),
        () => undefined,
      );
      if (text !== undefined && care.matches(digest, text)) return text;
      if (text !== undefined && care.mismatch === "another-key") throw anotherKey(digest);
      throw new DamagedTextError(await bytes.setAside(hexOf(digest)));
    },
  };
}

/** Encryption has proved that the text is whole: it stays where it is. */
function anotherKey(digest: string): Error {
  return new Error(
    `the text ${digest} was archived under another fingerprint key: set SITEWRIGHT_FINGERPRINT_KEY to the shared one`,
  );
}

function hexOf(digest: string): string {
  const hex = digest.slice(digest.indexOf(":") + 1);
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error(`not a digest: ${digest}`);
  return hex;
}
