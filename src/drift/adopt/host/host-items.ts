import type { DeviceIntent } from "../../../model/intent.ts";
import type { AdoptItem, AdoptRequest, FileEdit, StatementsOf, Translation } from "../adopt-types.ts";
import { accountTranslation, isAccount } from "./accounts.ts";
import { type HostGround, ownEdit, refusal } from "./blocks.ts";
import { fileTranslation } from "./files.ts";
import { listEdits } from "./list-edits.ts";
import { ownNode } from "./own-node.ts";
import { allowUsersEdits, isSshd, sshdTranslation } from "./sshd.ts";

const LINUX: ReadonlySet<string> = new Set(["linux-server", "nftables", "openvswitch"]);
const BLOCK = /^(?:package|service|account|login|file|cron|hostname|timezone|sshd)(?: |$)/;

/** Whether an item is about the host below a platform: packages, services, accounts, files, options of sshd. */
export function isHostItem({ path }: Pick<AdoptItem, "path">, platform: string): boolean {
  return LINUX.has(platform) && BLOCK.test(path[0] ?? "");
}

/** Translates what differs on a Linux host, block by block: a file or an account is taken over whole or not at all. */
export function hostTranslations(
  items: readonly AdoptItem[],
  request: AdoptRequest,
  statements: StatementsOf,
): readonly Translation[] {
  const wrong = items.find((item) => item.state !== "unauthorised");
  if (wrong !== undefined)
    return [refusal(wrong.path.join(" / "), "the inventory wants something else here since the last apply")];
  const ground: HostGround = { request, statements, items };
  const sshd = items.filter(({ path }) => isSshd(path[0] ?? ""));
  const groups = Map.groupBy(
    items.filter(({ path }) => !isSshd(path[0] ?? "")),
    ({ path }) => path[0] ?? "",
  );
  const translations = [...groups].map(([header, group]) => blockTranslation(header, group, ground));
  if (sshd.length > 0) translations.push(sshdTranslation(sshd, ground));
  if (translations.some((one) => one.refused !== undefined)) return translations;
  return [...translations, { edits: loginEdits(items, ground) }];
}

function blockTranslation(header: string, items: readonly AdoptItem[], ground: HostGround): Translation {
  const [kind = "", name = ""] = header.split(" ");
  if (isAccount(header)) return accountTranslation(header, items, ground);
  if (kind === "package") return packageTranslation(name, items, ground);
  if (kind === "service") return serviceTranslation(name, items, ground);
  if (kind === "hostname")
    return refusal(
      "hostname",
      "a device is called what its file is called: rename the file if the new name is right",
    );
  if (kind === "timezone")
    return refusal("timezone", "the time zone is the site's (timezone in site.yaml), for all of its devices");
  return fileTranslation(header, ground);
}

function packageTranslation(name: string, [item]: readonly AdoptItem[], ground: HostGround): Translation {
  const { request } = ground;
  const { server } = request.intent;
  if (server === undefined) return refusal(`package ${name}`, "only servers have packages in the inventory");
  const gone = item?.kind === "removed";
  const user = gone ? neededBy(name, request.intent) : undefined;
  if (user !== undefined)
    return refusal(
      `package ${name}`,
      `the ${user} of this server needs it, so the next apply would install it again`,
    );
  const change = gone ? { add: [], remove: [name] } : { add: [name], remove: [] };
  const edits = listEdits(["packages"], ownNode(request, ["packages"]), change);
  return { edits: edits.map((edit) => ownEdit(ground, edit.path, edit.value)) };
}

/** What of the inventory makes a package be installed although nobody lists it. */
function neededBy(name: string, { system, server }: DeviceIntent): string | undefined {
  if (["cron", "openssh-client", "restic"].includes(name) && server?.backups.length !== 0) return "backup";
  if (name === "chrony" && system.ntp.length > 0) return "ntp";
  return name === "rsyslog" && system.syslog.length > 0 ? "syslog" : undefined;
}

function serviceTranslation(name: string, items: readonly AdoptItem[], ground: HostGround): Translation {
  const { server } = ground.request.intent;
  if (server === undefined) return refusal(`service ${name}`, "only servers have services in the inventory");
  const text = items.map((item) => item.running ?? "").join("\n");
  const [, word] = /enabled (yes|no)/.exec(text) ?? [];
  if (word === undefined)
    return refusal(
      `service ${name}`,
      "it starts by itself no more, and the inventory never spoke of it; there is nothing to write down",
    );
  const key = server.services.find((one) => one.name.replace(/\.service$/, "") === name)?.name ?? name;
  return { edits: [ownEdit(ground, ["services", key, "enabled"], word === "yes")] };
}

/** Who may log in, where accounts came or went, or the list itself changed. */
function loginEdits(items: readonly AdoptItem[], ground: HostGround): readonly FileEdit[] {
  const { intent } = ground.request;
  if (intent.server === undefined) return [];
  const whole = items.filter(({ path }) => path.length === 1 && isAccount(path[0] ?? ""));
  const nameOf = ({ path }: AdoptItem): string => (path[0] ?? "").split(" ")[1] ?? "";
  const gone = new Set(whole.filter((item) => item.kind === "removed").map(nameOf));
  const come = whole.filter((item) => item.kind === "added").map(nameOf);
  const users = intent.system.users.map((user) => user.name).filter((name) => !gone.has(name));
  return allowUsersEdits([...users, ...come], new Set([...gone, ...come]), ground);
}
