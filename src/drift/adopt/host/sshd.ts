import { contentLines, settingOf } from "../../../drivers/linux-common/host-settings.ts";
import type { AdoptItem, FileEdit, Translation } from "../adopt-types.ts";
import { type HostGround, ownEdit, refusal } from "./blocks.ts";
import { ownNode } from "./own-node.ts";

/** The drop-in that holds all options of the inventory. */
export const SSHD_DROP_IN = "file /etc/ssh/sshd_config.d/00-sitewright.conf";

const WORDS: ReadonlySet<string> = new Set([
  "passwordauthentication",
  "kbdinteractiveauthentication",
  "permitrootlogin",
  "allowusers",
  "listenaddress",
]);

/** Whether a block says how sshd runs. */
export function isSshd(header: string): boolean {
  return header === "sshd" || header === SSHD_DROP_IN;
}

/** Translates what sshd runs by into `daemons.sshd`: passwords, root's login, who may log in, where it listens. */
export function sshdTranslation(items: readonly AdoptItem[], ground: HostGround): Translation {
  const { server } = ground.request.intent;
  if (server === undefined) return refusal("sshd", "only servers have options of sshd in the inventory");
  const foreign = foreignOption(items, ground);
  if (foreign !== undefined)
    return refusal(
      `sshd / ${foreign}`,
      "the inventory has no word for this option; write it into a file of its own under files (/etc/ssh/sshd_config.d/10-….conf), or revert it",
    );
  const runs = ground.statements("sshd");
  const value = (word: string): string | undefined => settingOf(runs, word);
  const passwords = value("passwordauthentication");
  if (passwords !== value("kbdinteractiveauthentication"))
    return refusal(
      "sshd",
      `passwordauthentication ${passwords} and kbdinteractiveauthentication ${value("kbdinteractiveauthentication")} are one word of the inventory, passwordAuthentication: set both alike on the server first`,
    );
  const root = value("permitrootlogin");
  if (root !== "no" && root !== "prohibit-password")
    return refusal("sshd / permitrootlogin", `the inventory knows no and prohibit-password, not ${root}`);
  if (server.sshd.allowUsers.length > 0 && value("allowusers") === undefined)
    return refusal("sshd / allowusers", "everybody may log in now, and the inventory always says who may");
  const edits: FileEdit[] = [];
  const set = (key: string, to: unknown): void => {
    edits.push(ownEdit(ground, ["daemons", "sshd", key], to));
  };
  if ((passwords === "yes") !== server.sshd.passwordAuthentication)
    set("passwordAuthentication", passwords === "yes");
  if (root !== server.sshd.permitRootLogin) set("permitRootLogin", root);
  const listen = listenTranslation(runs, items, ground);
  if (listen.refused !== undefined) return listen;
  return { edits: [...edits, ...listen.edits] };
}

/** An option that is no word of the inventory's, of those that are adopted. */
function foreignOption(items: readonly AdoptItem[], ground: HostGround): string | undefined {
  const changed = items
    .filter(({ path }) => path[0] === "sshd")
    .map(({ path }) => (path[1] ?? "").split(" ")[0] ?? "");
  const inFile = items.some(({ path }) => path[0] === SSHD_DROP_IN)
    ? contentLines(ground.statements(SSHD_DROP_IN)).flatMap(
        (line) => /^\s*([A-Za-z]\w*)/.exec(line)?.[1] ?? [],
      )
    : [];
  const banner = ground.request.intent.system.banner === undefined ? [] : ["banner"];
  return [...changed, ...inFile].find(
    (word) => !WORDS.has(word.toLowerCase()) && !banner.includes(word.toLowerCase()),
  );
}

function listenTranslation(
  runs: readonly string[],
  items: readonly AdoptItem[],
  ground: HostGround,
): Translation {
  if (!items.some(({ path }) => /listenaddress/i.test(path[1] ?? ""))) return { edits: [] };
  const { port } = ground.request.intent.management;
  const places = runs.flatMap((line) => {
    const [, address, at] = /^listenaddress (.+):(\d+)$/.exec(line) ?? [];
    return address === undefined ? [] : [{ address: address.replace(/^\[|\]$/g, ""), port: Number(at) }];
  });
  if (places.some((place) => place.port !== port))
    return refusal(
      "sshd / listenaddress",
      `sshd also listens on another port than ${port}, where it is managed`,
    );
  const addresses = places.map(({ address }) => address);
  const any = addresses.every((address) => address === "0.0.0.0" || address === "::");
  return { edits: [ownEdit(ground, ["daemons", "sshd", "listen"], any ? undefined : addresses)] };
}

/** Writes down who may log in where that would come out otherwise than it runs: without a list of its own, the inventory
 *  lets in every account that it has.
 *  @param users - names of the accounts of the inventory as it will be
 *  @param touched - accounts that come or go with this */
export function allowUsersEdits(
  users: readonly string[],
  touched: ReadonlySet<string>,
  ground: HostGround,
): readonly FileEdit[] {
  const { intent } = ground.request;
  const before = intent.server?.sshd.allowUsers ?? [];
  const runs = ground.statements("sshd").flatMap((line) => /^allowusers (\S+)$/.exec(line)?.[1] ?? []);
  const isSaid = ground.items.some(({ path }) => isSshd(path[0] ?? ""));
  if (runs.length === 0 || (!isSaid && touched.size === 0)) return [];
  const wanted = isSaid
    ? runs
    : [...before.filter((name) => !touched.has(name)), ...[...touched].filter((name) => runs.includes(name))];
  const login = intent.management.user;
  const own = ownNode(ground.request, ["daemons", "sshd", "allowUsers"]) !== undefined;
  const names = intent.system.users.map((user) => user.name);
  const listed = own || !same(before, [...names, login]);
  const comesOut = listed ? before : [...users, login];
  if (same(comesOut, wanted)) return [];
  const value = [...new Set(wanted)].sort();
  return [ownEdit(ground, ["daemons", "sshd", "allowUsers"], value)];
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return [...new Set(a)].sort().join(" ") === [...new Set(b)].sort().join(" ");
}
