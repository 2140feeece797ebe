import { PLACES } from "./places.ts";
import { inlineDocument, quote } from "./shell-quote.ts";

/** Shell functions that fingerprint a file or a text with a key that never leaves the device, so that a reading
 *  can tell an altered secret without showing it. A plain hash would let a reader guess. */
export const MAC_FUNCTIONS = [
  `mac_text() { { cat ${PLACES.sealKey}; cat; } | sha256sum | { read -r inner rest; { cat ${PLACES.sealKey}; printf '%s' "$inner"; } | sha256sum; } | cut -c1-64; }`,
  'mac_file() { { printf "%s\\n" "$1"; cat "$1"; } | mac_text; }',
  `seal_name() { printf '%s' "$1" | tr / %; }`,
].join("\n");

/** Shell that makes the device's own key once. */
const MAKE_SEAL_KEY = `[ -s ${PLACES.sealKey} ] || { (umask 077; head -c 32 /dev/urandom | base64 > ${PLACES.sealKey}.new); mv ${PLACES.sealKey}.new ${PLACES.sealKey}; }`;

/** Shell that remembers what we wrote into a private file: its fingerprint, and its text with placeholders. */
export function sealFileScript(path: string, content: readonly string[]): string {
  return sealScript(path, `mac_file ${quote(path)}`, content);
}

/** Shell that remembers which secret an account's password came from. */
export function sealPasswordScript(name: string, placeholder: string): string {
  return sealScript(
    `account:${name}`,
    `grep -m1 ${quote(`^${name}:`)} /etc/shadow | cut -d: -f2 | mac_text`,
    [placeholder],
  );
}

function sealScript(name: string, mac: string, content: readonly string[]): string {
  const seal = `${PLACES.seals}/${name.replaceAll("/", "%")}`;
  return [
    "umask 077",
    `mkdir -p ${PLACES.seals}`,
    MAKE_SEAL_KEY,
    MAC_FUNCTIONS,
    ...inlineDocument(`cat > ${quote(`${seal}.template.new`)}`, content),
    `mv -f ${quote(`${seal}.template.new`)} ${quote(`${seal}.template`)}`,
    `${mac} > ${quote(`${seal}.new`)}`,
    `mv -f ${quote(`${seal}.new`)} ${quote(`${seal}.digest`)}`,
  ].join("\n");
}
