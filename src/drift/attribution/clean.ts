/** Longest line that is kept of a log, characters. */
const MAX_LINE = 400;

/** Words after which a command line carries a secret. */
const SECRET =
  /((?:^|[\s"'({;,=-])(?:password|passwd|passphrase|secret|psk|pre-shared-key|community|cipher|irreversible-cipher|simple|hash|sha\d*|md5|auth|privacy|priv|key|key-string|token|authentication-mode)(?:\s*[=:]\s*|\s+(?:\d{1,2}\s+)?))("[^"]*"?|'[^']*'?|[^\s;,)]+)/gi;

/** Makes a stranger's line printable: no control character, no direction mark, no secret, one line, bounded. */
export function cleanLine(text: string): string {
  const printable = text
    .slice(0, MAX_LINE * 4)
    // Control characters, direction marks, zero-width characters, lone surrogates: what moves a cursor or hides text.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, "?");
  const hidden = printable
    .replace(SECRET, (_match, before: string) => `${before}*****`)
    .replace(/(:\/\/[^\s:@/]*:)[^\s@]+@/g, "$1*****@")
    .replace(/\b(echo|printf)\b.*\b(chpasswd|passwd)\b/g, "$1 ***** | $2")
    .replace(/\$(?:1|2[aby]|5|6|7|y|8|9|14)\$\S+/g, "*****");
  return hidden.length > MAX_LINE ? `${hidden.slice(0, MAX_LINE - 1)}…` : hidden;
}

/** The name of a person as a log has it, fit for a table and a commit message; undefined for what is no name. */
export function cleanName(text: string): string | undefined {
  return /^[\p{L}\p{N}._@\\+-]{1,64}$/u.test(text) ? text : undefined;
}

/** An address as a log has it; undefined for what is none. */
export function cleanAddress(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9A-Za-z.:%_-]{1,64}$/.test(text) ? text : undefined;
}
