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
import { type LinuxPlatform, openLinuxSession } from "../linux-common/linux-session.ts";
import { type RemoteShell, readSections } from "../linux-common/remote-script.ts";
import type { DeviceTarget } from "../transport/types.ts";
import { stepsBetween } from "./change.ts";
import { compare, GRAMMAR } from "./parse.ts";
import { PARTS, READ_SCRIPT } from "./reading.ts";

const NAMES = Object.keys(PARTS) as (keyof typeof PARTS)[];
const NEEDED = ["files", "accounts", "packages", "sshd"] as const;

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
  const output = await shell.read(READ_SCRIPT, "read the server");
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
