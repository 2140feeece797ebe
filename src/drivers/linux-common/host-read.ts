import { PLACES } from "./places.ts";
import { MAC_FUNCTIONS } from "./seal.ts";

/** Files larger than this are shown by their fingerprint, bytes. */
const MAX_SHOWN_BYTES = 262_144;

/** Shell that shows files: those of the given patterns, and those that we have pushed.
 *  Private ones that carry a seal are shown by the text we sealed, or as altered. */
export function readFilesCommand(patterns: readonly string[]): string {
  return [
    MAC_FUNCTIONS,
    "show_file() {",
    '  [ -f "$1" ] || return 0',
    `  stat -L -c '%n\t%U:%G\t%a\t%s' "$1" | tr '\\n' '\\t'`,
    `  seal=${PLACES.seals}/$(seal_name "$1")`,
    '  if [ -e "$seal.digest" ]; then',
    '    mac=$(mac_file "$1")',
    `    if [ "$mac" = "$(cat "$seal.digest")" ]; then printf 'sealed\\t'; base64 "$seal.template" | tr -d '\\n'; else printf 'altered\\t%s' "$mac"; fi`,
    `  elif [ "$(stat -L -c %s "$1")" -gt ${MAX_SHOWN_BYTES} ]; then printf 'altered\\t%s' "$(sha256sum < "$1" | cut -c1-64)"`,
    `  else printf 'plain\\t'; base64 "$1" | tr -d '\\n'; fi`,
    "  echo",
    "}",
    `{ for f in ${patterns.join(" ")}; do [ -f "$f" ] && printf '%s\\n' "$f"; done; sed -n 's/^file //p; s,^cron ,/etc/cron.d/,p' ${PLACES.owned} 2>/dev/null; } | sort -u | while IFS= read -r f; do show_file "$f"; done`,
  ].join("\n");
}

/** Shell that shows the accounts that a person could use: root, uid 1000 to 59999, and those that we made. */
export const READ_ACCOUNTS = [
  MAC_FUNCTIONS,
  "while IFS=: read -r name x uid gid gecos home shell; do",
  '  case "$gecos" in sitewright*) ;; *) [ "$uid" = 0 ] || { [ "$uid" -ge 1000 ] && [ "$uid" -lt 60000 ]; } || continue ;; esac',
  '  line=$(grep -m1 "^$name:" /etc/shadow); hash=$(printf %s "$line" | cut -d: -f2); expire=$(printf %s "$line" | cut -d: -f8)',
  '  case "$hash" in "") status=none ;; "!"*|"*"*) status=locked ;; *) status=set ;; esac',
  `  seal=${PLACES.seals}/account:$name`,
  '  if [ "$status" = set ] && [ -e "$seal.digest" ]; then',
  '    mac=$(printf \'%s\\n\' "$hash" | mac_text); status="altered:$mac"; [ "$mac" = "$(cat "$seal.digest")" ] && status=$(cat "$seal.template")',
  "  fi",
  `  printf 'user\\t%s\\t%s\\t%s\\t%s\\t%s\\t%s\\t' "$name" "$uid" "$gecos" "$shell" "$status" "$expire"`,
  `  [ -f "$home/.ssh/authorized_keys" ] && base64 "$home/.ssh/authorized_keys" | tr -d '\\n'`,
  "  echo",
  "done < /etc/passwd",
  "sed 's/^/group\t/' /etc/group",
].join("\n");

/** Shell that lists packages that were asked for, not those that came along. */
export const READ_PACKAGES = `awk '
FILENAME ~ /extended_states$/ { if (/^Package:/) p=$2; if (/^Auto-Installed: 1/) auto[p]=1; next }
/^Package:/ { p=$2 } /^Status: install ok installed/ { if (!(p in auto)) print p }
' $(ls /var/lib/apt/extended_states 2>/dev/null) /var/lib/dpkg/status | sort -u`;

/** Shell that lists services that start by themselves. */
export const READ_SERVICES = [
  "if [ -d /run/systemd/system ]; then systemctl list-unit-files --type=service --state=enabled --no-legend --no-pager | awk '{sub(/\\.service$/, \"\", $1); print $1}'",
  "else ls /etc/rc2.d 2>/dev/null | sed -n 's/^S[0-9][0-9]//p'; fi | sort -u",
].join("\n");

/** Shell that shows the options that sshd runs by, wherever they were set. */
export const READ_SSHD = "sshd -T 2>/dev/null || { mkdir -p /run/sshd && sshd -T; }";

/** Shell that shows who the device is. */
export const READ_FACTS =
  'hostname; . /etc/os-release 2>/dev/null; echo "$PRETTY_NAME"; cat /sys/class/dmi/id/product_serial 2>/dev/null || echo; cat /etc/timezone 2>/dev/null || echo';

/** Shell that shows the headers of blocks that we have pushed. */
export const READ_OWNED = `cat ${PLACES.owned} 2>/dev/null || :`;
