import type { ArmRequest, DeviceSession, RunningState } from "../driver.ts";
import { DeviceError } from "../driver.ts";
import { canonicalText } from "../linux-common/block-change.ts";
import { printNodes } from "../linux-common/canonical.ts";
import {
  decodeAccounts,
  decodeFacts,
  decodeFiles,
  decodeList,
  decodeServices,
  decodeSshd,
  factBlocks,
} from "../linux-common/host-decode.ts";
import {
  READ_ACCOUNTS,
  READ_FACTS,
  READ_OWNED,
  READ_PACKAGES,
  READ_SERVICES,
  READ_SSHD,
  readFilesCommand,
} from "../linux-common/host-read.ts";
import { type LinuxPlatform, openLinuxSession } from "../linux-common/linux-session.ts";
import { type RemoteShell, readSections, sectionScript } from "../linux-common/remote-script.ts";
import type { DeviceTarget } from "../transport/types.ts";
import { stepsBetween } from "./change.ts";
import { compare, GRAMMAR } from "./parse.ts";

const PARTS = {
  files: readFilesCommand([
    "/etc/ssh/sshd_config",
    "/etc/ssh/sshd_config.d/*.conf",
    "/etc/cron.d/*",
    "/etc/crontab",
    "/etc/chrony/chrony.conf",
    "/etc/chrony/sources.d/*.sources",
    "/etc/rsyslog.conf",
    "/etc/rsyslog.d/*.conf",
    "/etc/sudoers",
    "/etc/sudoers.d/*",
    "/etc/resolv.conf",
    "/etc/issue.net",
    "/etc/profile.d/sitewright-idle.sh",
    "/etc/sitewright/backup/*.password",
    "/etc/sitewright/backup/*.credentials",
    "/usr/local/sbin/sitewright-*",
  ]),
  accounts: READ_ACCOUNTS,
  packages: READ_PACKAGES,
  services: READ_SERVICES,
  sshd: READ_SSHD,
  facts: READ_FACTS,
  owned: READ_OWNED,
} as const;
const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];
const NEEDED = ["files", "accounts", "packages", "sshd"] as const;
const READ_SCRIPT = sectionScript(PARTS);

const LINUX_SERVER: LinuxPlatform = {
  read,
  stepScript: (step) => step.commands.join("\n"),
  undo: ({ running, change }: ArmRequest) => stepsBetween(change.predicted, running),
  compare: (before, after) => compare(before, after, { kind: "full" }),
};

/** Opens a conversation with a Linux server.
 *  @throws DeviceError */
export function openSession(target: DeviceTarget): Promise<DeviceSession> {
  return openLinuxSession(target, LINUX_SERVER);
}

async function read(shell: RemoteShell): Promise<RunningState> {
  const output = await shell.run(READ_SCRIPT, { label: "read the server" });
  const parts = readSections(output, NAMES);
  for (const name of NEEDED)
    if (parts[name].code !== 0)
      throw new DeviceError("refused", shell.device, `${shell.device} refused to show its ${name}`, {
        command: name,
        reply: parts[name].text.slice(0, 500),
      });
  const facts = decodeFacts(parts.facts.text);
  const nodes = [
    ...factBlocks(facts),
    ...decodeFiles(parts.files.text),
    ...decodeAccounts(parts.accounts.text),
    ...decodeList("package", parts.packages.text),
    ...decodeServices(parts.services.text, parts.owned.text.split("\n")),
    ...decodeSshd(parts.sshd.text),
  ];
  return {
    text: canonicalText(printNodes(nodes), GRAMMAR),
    // Everything that is read here lives in files: what runs is what a reboot brings back.
    saved: "same",
    readAt: new Date().toISOString(),
    facts: {
      hostname: facts.hostname,
      version: facts.version,
      ...(facts.serial === "" ? {} : { serial: facts.serial }),
    },
  };
}
