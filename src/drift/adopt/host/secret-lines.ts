/** Marks that a reading leaves where a secret stood, and references that stand for one. */
const TAKEN_OUT = /\[(?:redacted[^\]]*|hash|fingerprint|secret)\]|\$\{secret:/;

/** Words that a secret follows, in the ways that configuration files join them. */
const NAMED =
  /(?:^|[^a-z])(?:\w*(?:passw(?:or)?d|passphrase|passwd|secret|token|credential|community|psk|api[-_]?key|access[-_]?key|private[-_]?key|requirepass|masterauth|bearer)\w*)\s*(?:[=:]|\s)\s*["']?(?!file\b|\/|yes\b|no\b|true\b|false\b|none\b|prompt\b)[^\s"']/i;

const WELL_KNOWN =
  /\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|xox[abprs]-[\w-]{10,}|sk-[\w-]{20,}|eyJ[\w-]{10,}\.[\w-]{10,})|:\/\/[^\s:/@]+:[^\s@/]+@/;

/** Long words without a pause in them are keys more often than names; public keys of SSH are known by their beginning. */
const LONG = /(?<![\w/+.-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{32,}/;
const PUBLIC = /\b(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-\S+|sk-ssh-\S+) AAAA/;

/** Whether a line is, or could be, a secret. It errs towards yes: what is refused can still be written by hand. */
export function secretLine(line: string): boolean {
  if (TAKEN_OUT.test(line) || WELL_KNOWN.test(line)) return true;
  const bare = line.replace(/^\s*(?:#|;|\/\/).*$/, (comment) => comment.replace(/[.,]\s.*/, ""));
  return NAMED.test(bare) || (LONG.test(line) && !PUBLIC.test(line));
}
