import { type EvidenceReader, type EvidenceRecord, linesOf, record } from "../evidence.ts";
import { offsetOf, readTime } from "../evidence-time.ts";

/** How much of a host's log of logins is read, bytes: weeks of it on a busy host. */
const MAX_LOG_BYTES = 1_048_576;

/** Who was on a Linux host and what they did as root: sshd and sudo tell it, whatever was changed with which tool. */
export const linuxEvidence: EvidenceReader = {
  commands: {
    clock: "date '+%s.%N %z'",
    // A host has the journal, or the file, or both; the same line twice does no harm.
    log: [
      "{ for f in /var/log/auth.log.1 /var/log/auth.log /var/log/secure; do [ -r $f ] && cat $f; done",
      "[ -d /run/systemd/system ] && journalctl --no-pager -q -o short-iso -n 20000 -t sshd -t sshd-session -t sudo -t su 2>/dev/null",
      `:; } | grep -aE '(sshd|sshd-session|sudo|su)(\\[[0-9]+\\])?: ' | tail -c ${MAX_LOG_BYTES}`,
    ].join("\n"),
  },
  clock: (answers) => {
    const match = /^(\d+)\.(\d{3})\d* ([+-]\d{4})/.exec(answers.clock ?? "");
    if (!match) return undefined;
    return { nowMs: Number(`${match[1]}${match[2]}`), offsetMinutes: offsetOf(match[3] ?? ""), told: true };
  },
  read: (answers, clock) =>
    linesOf(answers.log).flatMap((line) => {
      const time = readTime(line, clock);
      const match = /^\s+\S+\s+(sshd|sshd-session|sudo|su)(?:\[\d+\])?: (.*)$/.exec(time?.rest ?? "");
      if (!time || !match) return [];
      return messageRecord(match[2] ?? "", match[1], line, time.atMs) ?? [];
    }),
  message: (text, program, atMs) => messageRecord(text, program, text, atMs),
};

function messageRecord(
  text: string,
  program: string | undefined,
  line: string,
  atMs: number,
): EvidenceRecord | undefined {
  if (program === "sudo") return sudoRecord(text, line, atMs);
  if (program !== "sshd" && program !== "sshd-session") return undefined;
  const login = /^Accepted \S+ for (\S+) from (\S+) port (\d+)/.exec(text);
  if (login) {
    const [, who = "", from, port] = login;
    return record({ kind: "login", who, means: `ssh ${port}`, from, atMs, line });
  }
  const logout = /^Disconnected from user (\S+) (\S+) port (\d+)/.exec(text);
  if (!logout) return undefined;
  const [, who = "", from, port] = logout;
  return record({ kind: "logout", who, means: `ssh ${port}`, from, atMs, line });
}

/** `   alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/sbin/nft add rule …`. A refused one ran nothing
 *  and says so before TTY. The command is the last field, so nothing typed there can pass for another field. */
function sudoRecord(text: string, line: string, atMs: number): EvidenceRecord | undefined {
  const match =
    /^\s*([^\s:]+) : (?:TTY=\S+ ; )?PWD=.*? ; USER=(\S+) ; (?:(?:GROUP|TSID|ENV)=.*? ; )*COMMAND=(.*)$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, who = "", as, command = ""] = match;
  if (as !== "root" || isReading(command)) return undefined;
  return record({ kind: "command", who, means: "sudo", atMs, command: command.trim(), line });
}

const READERS =
  "cat|less|more|grep|egrep|zgrep|ls|tail|head|wc|stat|find|id|whoami|true|ss|ps|df|du|journalctl|lsof|ping|sitewright-read";

/** Commands that only look. What is not known to be one may have changed anything. */
function isReading(command: string): boolean {
  const [path = "", ...words] = command.trim().split(/\s+/);
  const program = path.replace(/^.*\//, "");
  // `find` and `grep` can be told to run others, and anything can be sent elsewhere by a shell.
  if (words.some((word) => /^-(exec|ok|delete|fprint)/.test(word))) return false;
  if (new RegExp(`^(${READERS})$`).test(program)) return true;
  if (program === "nft") return words.find((word) => !word.startsWith("-")) === "list";
  if (program === "ovs-vsctl")
    return /^(show|list|get|find|list-\w+|br-exists|port-to-br|iface-to-br)$/.test(
      words.find((word) => !word.startsWith("-")) ?? "",
    );
  if (program === "sshd") return words.length > 0 && words.every((word) => /^-[tT]$/.test(word));
  if (program === "systemctl") return /^(status|is-\w+|list-\S+|show|cat)$/.test(words[0] ?? "");
  if (program === "ip")
    return words.length > 0 && !/\b(add|del|delete|change|replace|set|flush)\b/.test(command);
  return false;
}
