import { contentLines } from "../../../drivers/linux-common/host-settings.ts";
import type { FileEdit, Translation } from "../adopt-types.ts";
import { type HostGround, ownEdit, refusal } from "./blocks.ts";
import { listEdits, textsOf } from "./list-edits.ts";
import { ownNode } from "./own-node.ts";

/** Reads a file that we write from the inventory back into it. */
type Reader = (lines: readonly string[], ground: HostGround) => Translation;

const SUDOER = /^[a-z_][\w-]* ALL=\(ALL:ALL\) NOPASSWD: ALL$/;

const READERS: Readonly<Record<string, Reader>> = {
  "/etc/chrony/sources.d/sitewright.sources": (lines, ground) =>
    hostList("ntp", lines, /^server (\S+) iburst$/, ground),
  "/etc/rsyslog.d/90-sitewright.conf": (lines, ground) =>
    hostList(
      "syslog",
      lines,
      /^\*\.\* action\(type="omfwd" target="([^"]+)" port="514" protocol="udp" .*\)$/,
      ground,
    ),
  "/etc/resolv.conf": (lines, ground) => {
    const search = lines.find((line) => line.startsWith("search "))?.slice(7);
    const { domain } = ground.request.intent.system;
    if (search !== domain)
      return {
        refused: `the search domain is the site's (domain: ${domain ?? "none"}), for all of its devices`,
      };
    return hostList(
      "dns",
      lines.filter((line) => !line.startsWith("search ")),
      /^nameserver (\S+)$/,
      ground,
    );
  },
  "/etc/issue.net": (lines, ground) => ({ edits: [ownEdit(ground, ["banner"], `${lines.join("\n")}\n`)] }),
  "/etc/profile.d/sitewright-idle.sh": (lines, ground) => {
    const seconds = Number(/^TMOUT=(\d+)$/.exec(lines.find((line) => line.startsWith("TMOUT=")) ?? "")?.[1]);
    const others = lines.filter((line) => !line.startsWith("TMOUT="));
    if (!(seconds >= 60 && seconds % 60 === 0) || others.join() !== "readonly TMOUT,export TMOUT")
      return { refused: "the inventory says idleTimeout in whole minutes, and nothing else in this file" };
    return { edits: [ownEdit(ground, ["idleTimeout"], `${seconds / 60}m`)] };
  },
  // Who stands in it follows from the roles of accounts, which are items of their own.
  "/etc/sudoers.d/sitewright": (lines) => {
    const foreign = lines.find((line) => !SUDOER.test(line));
    return foreign === undefined
      ? { edits: [] }
      : {
          refused: `\`${foreign}\` is no line of an admin's; write a file of your own under files (/etc/sudoers.d/…)`,
        };
  },
};

const OTHERS_OF_OURS =
  /^(\/etc\/sudoers\.d\/sitewright-read|\/usr\/local\/sbin\/sitewright-.*|\/etc\/sitewright\/.*|\/etc\/cron\.d\/sitewright-.*|\/etc\/dnsmasq\.d\/sitewright\.conf)$/;

/** Translates a file that is written from other words of the inventory; undefined for every other file. */
export function generatedTranslation(
  path: string,
  header: string,
  ground: HostGround,
): Translation | undefined {
  if (OTHERS_OF_OURS.test(path))
    return refusal(
      header,
      "Sitewright writes this file whole from other parts of the inventory (backup, credentials, dhcp); change those, or revert it",
    );
  const reader = READERS[path];
  if (reader === undefined || !isGenerated(path, ground)) return undefined;
  const runs = ground.statements(header);
  if (runs.length === 0)
    return refusal(
      header,
      "the file is gone, and the inventory still has what stood in it: take that out, or revert it",
    );
  if (runs.some((line) => line.startsWith("altered "))) return refusal(header, "its text cannot be read");
  const keep = path === "/etc/issue.net" ? () => true : isMeant;
  const translation = reader(contentLines(runs).filter(keep), ground);
  return translation.refused === undefined ? translation : refusal(header, translation.refused);
}

/** A file of this name that nothing else of the inventory asks for is a person's own. */
function isGenerated(path: string, { request: { intent } }: HostGround): boolean {
  const listed = intent.server?.files.some((file) => file.path === path) ?? false;
  return !listed && (path !== "/etc/issue.net" || intent.system.banner !== undefined);
}

function isMeant(line: string): boolean {
  return line.trim() !== "" && !line.trim().startsWith("#");
}

/** A list of hosts: entries that came or went change the list of the YAML, another order writes it anew. */
function hostList(
  key: "ntp" | "syslog" | "dns",
  lines: readonly string[],
  pattern: RegExp,
  ground: HostGround,
): Translation {
  const runs = lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  if (runs.length !== lines.length)
    return {
      refused: `\`${lines.find((line) => !pattern.test(line))}\` is more than a host of ${key}, which is all that the inventory says`,
    };
  return { edits: hostListEdits(key, runs, ground) };
}

function hostListEdits(
  key: "ntp" | "syslog" | "dns",
  runs: readonly string[],
  ground: HostGround,
): readonly FileEdit[] {
  const had = ground.request.intent.system[key];
  const kept = had.filter((one) => runs.includes(one));
  const fresh = runs.filter((one) => !had.includes(one));
  const own = ownNode(ground.request, [key]);
  const names = own?.kind === "list" ? textsOf(own.items) : had;
  const nameOf = (address: string): string =>
    names.length === had.length ? (names[had.indexOf(address)] ?? address) : address;
  const inOrder = [...kept, ...fresh].join() === runs.join();
  const gone = had.filter((one) => !runs.includes(one));
  // What comes from above stands there by names that only it knows, so it cannot be taken out one by one.
  if (!inOrder || (gone.length > 0 && own?.kind !== "list"))
    return [ownEdit(ground, [key], runs.map(nameOf))];
  const edits = listEdits([key], own, { add: fresh, remove: gone.map(nameOf) });
  return edits.map((edit) => ownEdit(ground, edit.path, edit.value));
}
