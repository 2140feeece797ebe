import { pbkdf2Sync, randomBytes } from "node:crypto";
import { sameSecret } from "../secrets.ts";

const ROUNDS = 1_000;
const ALPHABET =
  "!\"#$%&'()*+,-./0123456789:;<=>@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/** Hashes a password one way, in the form that VRP prints: `$1c$salt$digest$`; a fresh salt each time. */
export function irreversible(password: string): string {
  const salt = letters(randomBytes(10));
  return `$1c$${salt}$${digest(password, salt)}$`;
}

/** Tells whether a password fits what a configuration keeps. */
export function fitsPassword(password: string, kept: string): boolean {
  const found = /^\$1c\$(.{10})\$(.+)\$$/.exec(kept);
  if (found === null) return false;
  return sameSecret(digest(password, found[1] ?? ""), found[2] ?? "");
}

/** Writes a secret so that it cannot be read, differently each time, between the marks of a cipher text. */
export function cipherText(): string {
  return `%^%#${letters(randomBytes(32))}%^%#`;
}

/** Tells whether a text is a cipher text or a hash already. */
export function isCipher(text: string): boolean {
  return /^%[\^@]%#.*%[\^@]%#$/.test(text) || /^\$1c\$.+\$$/.test(text);
}

function digest(password: string, salt: string): string {
  return letters(pbkdf2Sync(password, salt, ROUNDS, 32, "sha256"));
}

/** Spells bytes in printable letters; no blanks, and no `$`, `%` or `#`, which are marks. */
function letters(bytes: Uint8Array): string {
  const usable = [...ALPHABET].filter((letter) => !'$%#"?'.includes(letter));
  return [...bytes].map((byte) => usable[byte % usable.length]).join("");
}
