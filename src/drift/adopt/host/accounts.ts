import { contentLines, plainKey } from "../../../drivers/linux-common/host-settings.ts";
import { formatSecretRef } from "../../../model/secret.ts";
import type { AdoptItem, FileEdit, Translation } from "../adopt-types.ts";
import { type HostGround, ownEdit, refusal } from "./blocks.ts";
import { listEdits } from "./list-edits.ts";
import { ownNode } from "./own-node.ts";

const SHELL = "shell /bin/bash";
const SUDOERS = "file /etc/sudoers.d/sitewright";

/** Whether a block is an account: one of ours, or one that somebody made. */
export function isAccount(header: string): boolean {
  return /^(account|login) \S+$/.test(header);
}

/** Translates an account, all of its items together: role, keys, and that it is there at all. A password never becomes
 *  YAML: only a reference to a secret may stand there. */
export function accountTranslation(
  header: string,
  items: readonly AdoptItem[],
  ground: HostGround,
): Translation {
  const [kind = "", name = ""] = header.split(" ");
  const known = ground.request.intent.system.users.some((user) => user.name === name);
  const whole = items.find((item) => item.path.length === 1);
  if (kind === "login" && !known) {
    if (whole?.kind === "removed")
      return refusal(header, "the inventory never had it; there is nothing to write down");
    if (whole?.kind !== "added")
      return refusal(header, "it is no account of the inventory; name it under users first, or put it back");
    return newAccount(name, ground);
  }
  if (whole?.kind === "removed")
    return { edits: [takeAway(["users", name], userOrigin(name, ground), ground)] };
  return changedAccount(name, items, ground);
}

function newAccount(name: string, ground: HostGround): Translation {
  const runs = ground.statements(`login ${name}`);
  const wrong = shapeRefusal(name, runs, ground) ?? passwordRefusal(name, runs);
  if (wrong !== undefined) return wrong;
  const keys = keysOf(runs);
  const value = { role: roleOf(runs) ?? "operator", ...(keys.length === 0 ? {} : { keys }) };
  return { edits: [ownEdit(ground, ["users", name], value)] };
}

function changedAccount(name: string, items: readonly AdoptItem[], ground: HostGround): Translation {
  const user = ground.request.intent.system.users.find((one) => one.name === name);
  const runs = ground.statements(`account ${name}`);
  if (user === undefined || runs.length === 0)
    return refusal(`account ${name}`, "it runs neither under this name nor as ours");
  const wrong = shapeRefusal(name, runs, ground);
  if (wrong !== undefined) return wrong;
  const edits: FileEdit[] = [];
  const role = roleOf(runs);
  if (role !== undefined && role !== user.role) edits.push(ownEdit(ground, ["users", name, "role"], role));
  const had = user.keys.map(plainKey);
  const keys = keysOf(runs);
  const change = {
    add: keys.filter((key) => !had.includes(key)),
    remove: user.keys.filter((key) => !keys.includes(plainKey(key))),
  };
  const path = ["users", name, "keys"];
  const own = ownNode(ground.request, path);
  const listed = change.add.length + change.remove.length === 0 ? [] : listEdits(path, own, change);
  edits.push(...listed.map((edit) => ownEdit(ground, edit.path, edit.value)));
  if (items.some((item) => item.path[1] === "password")) {
    if (!runs.includes("password locked")) {
      const place = user.password === undefined ? `users.${name}.password` : formatSecretRef(user.password);
      return refusal(
        `account ${name}`,
        `a password never stands in the YAML; put the new one where ${place} points, as a new version (…@2), and apply`,
      );
    }
    if (user.password !== undefined)
      edits.push(takeAway(["users", name, "password"], userOrigin(name, ground), ground));
  }
  return { edits };
}

function shapeRefusal(name: string, runs: readonly string[], ground: HostGround): Translation | undefined {
  const shell = runs.find((line) => line.startsWith("shell "));
  if (shell !== SHELL)
    return refusal(
      `account ${name}`,
      `the inventory knows one shell, /bin/bash; ${shell ?? "none"} runs there`,
    );
  const role = roleOf(runs);
  if (role === undefined)
    return refusal(
      `account ${name}`,
      `the inventory has the roles operator (no groups) and admin (sudo), and no word for \`${runs.find((line) => line.startsWith("groups "))}\``,
    );
  const sudoer = contentLines(ground.statements(SUDOERS)).some((line) => line.startsWith(`${name} ALL=`));
  if (role === "admin" && !sudoer)
    return refusal(
      `account ${name}`,
      `an admin of the inventory runs everything without a password by a line in /etc/sudoers.d/sitewright, which runs for ${name} nowhere: that would be more than was given`,
    );
  if (role === "operator" && sudoer)
    return refusal(
      `account ${name}`,
      "it lost the group sudo, but its line in /etc/sudoers.d/sitewright still gives it everything: that would be less than runs",
    );
  return undefined;
}

function passwordRefusal(name: string, runs: readonly string[]): Translation | undefined {
  if (runs.includes("password locked")) return undefined;
  return refusal(
    `login ${name}`,
    `it has a password, which never stands in the YAML; lock it (sudo passwd -l ${name}) and adopt again, or write users.${name}.password: env:NAME@1 yourself`,
  );
}

function roleOf(runs: readonly string[]): "admin" | "operator" | undefined {
  const groups = runs.find((line) => line.startsWith("groups "));
  if (groups === undefined) return "operator";
  return groups === "groups sudo" ? "admin" : undefined;
}

function keysOf(runs: readonly string[]): readonly string[] {
  return runs.flatMap((line) => (line.startsWith("key ") ? [line.slice(4)] : []));
}

function userOrigin(name: string, { request }: HostGround): string | undefined {
  return request.intent.system.users.find((user) => user.name === name)?.origin.file;
}

/** A key of the host's own file goes; one that comes from above is taken away by `null`. */
function takeAway(path: readonly string[], origin: string | undefined, ground: HostGround): FileEdit {
  const own = origin === ground.request.intent.origin.file && ownNode(ground.request, path) !== undefined;
  return ownEdit(ground, path, own ? undefined : null);
}
