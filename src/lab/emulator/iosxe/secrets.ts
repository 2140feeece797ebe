import { pbkdf2Sync, randomBytes, scryptSync } from "node:crypto";
import { sameSecret } from "../secrets.ts";

const ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const STANDARD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const SALT_LENGTH = 14;

/** Hashes a secret as type 9 (scrypt, N = 16384, r = p = 1) with a fresh salt. */
export function typeNine(secret: string): string {
  const salt = [...randomBytes(SALT_LENGTH)].map((byte) => ALPHABET[byte % 64]).join("");
  return `$9$${salt}$${scryptDigest(secret, salt)}`;
}

/** Tells whether a secret fits what a configuration keeps: type 9, 8, or clear (type 0). */
export function fitsSecret(secret: string, kept: string): boolean {
  const found = /^\$([89])\$([^$]+)\$(.+)$/.exec(kept);
  if (found === null) return !kept.startsWith("$") && sameSecret(secret, kept);
  const [, type, salt = "", digest = ""] = found;
  return sameSecret(digest, type === "9" ? scryptDigest(secret, salt) : pbkdf2Digest(secret, salt));
}

function scryptDigest(secret: string, salt: string): string {
  return recode(scryptSync(secret, salt, 32, { N: 16_384, r: 1, p: 1 }));
}

function pbkdf2Digest(secret: string, salt: string): string {
  return recode(pbkdf2Sync(secret, salt, 20_000, 32, "sha256"));
}

function recode(bytes: Buffer): string {
  const base64 = bytes.toString("base64").replace(/=+$/, "");
  return [...base64].map((letter) => ALPHABET[STANDARD.indexOf(letter)]).join("");
}
