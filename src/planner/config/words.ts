/** Splits a line at blanks. */
export function wordsOf(text: string): string[] {
  const words = text.split(" ");
  return words.includes("") ? words.filter((word) => word !== "") : words;
}

/** The mask of a prefix length. */
export function maskOfLength(length: number): string {
  return [0, 8, 16, 24].map((start) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - start)))).join(".");
}

/** Clears the bits of an address that a wildcard covers (or keeps those of a mask, where it is one). */
export function maskBase(address: string, wildcard: string): string {
  if (wildcard === "0.0.0.0" || !isIpv4(address) || !isIpv4(wildcard)) return address;
  const a = address.split(".");
  const w = wildcard.split(".");
  const mask = Number(w[0]) >= 128;
  if (mask) return a.map((octet, i) => String(Number(octet) & Number(w[i]))).join(".");
  return a.map((octet, i) => String(Number(octet) & ~Number(w[i]) & 255)).join(".");
}

/** Tells whether a word is an IPv4 address, without regard to leading zeros. */
export function isIpv4(word: string): boolean {
  const code = word.charCodeAt(0);
  return code >= 48 && code <= 57 && word.length >= 7 && word.length <= 15 && IPV4.test(word);
}

const IPV4 = /^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

/** Tells whether a word is made of digits only. */
export function isNumber(word: string | undefined): boolean {
  if (word === undefined || word === "") return false;
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}
