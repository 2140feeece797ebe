import { contentLines, settingOf } from "../../../drivers/linux-common/host-settings.ts";
import type { FileEdit, Translation } from "../adopt-types.ts";
import { type HostGround, ownEdit, pathOfHeader, refusal } from "./blocks.ts";
import { generatedTranslation } from "./generated-files.ts";
import { ownNode } from "./own-node.ts";
import { secretLine } from "./secret-lines.ts";

const DEFAULTS = { owner: "root:root", mode: "0644" } as const;

/** Translates a file: into the words that it is written from, or whole into `files`. Its text becomes YAML only where
 *  no line of it can be a secret. */
export function fileTranslation(header: string, ground: HostGround): Translation {
  const path = pathOfHeader(header);
  if (path === undefined) return refusal(header, "this is no file");
  const generated = generatedTranslation(path, header, ground);
  if (generated !== undefined) return generated;
  const { server } = ground.request.intent;
  if (server === undefined) return refusal(header, "only servers have files of their own in the inventory");
  const known = server.files.find((file) => file.path === path);
  const runs = ground.statements(header);
  if (runs.length === 0)
    return { edits: [ownEdit(ground, ["files", path], isOwn(path, ground) ? undefined : null)] };
  const secret = secretReason(path, runs);
  if (secret !== undefined) return refusal(header, secret);
  const lines = contentLines(runs);
  const content = lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  const owner = settingOf(runs, "owner") ?? DEFAULTS.owner;
  const mode = settingOf(runs, "mode") ?? DEFAULTS.mode;
  if (known === undefined) {
    const value = {
      content,
      ...(mode === DEFAULTS.mode ? {} : { mode }),
      ...(owner === DEFAULTS.owner ? {} : { owner }),
    };
    return { edits: [ownEdit(ground, ["files", path], value)] };
  }
  const edits: FileEdit[] = [];
  const set = (key: string, value: unknown): void => {
    edits.push(ownEdit(ground, ["files", path, key], value));
  };
  if (content !== withEnd(known.content)) set("content", content);
  if (mode !== known.mode.replace(/^0*/, "").padStart(4, "0")) set("mode", mode);
  if (owner !== (known.owner.includes(":") ? known.owner : `${known.owner}:${known.owner}`))
    set("owner", owner);
  return { edits };
}

function secretReason(path: string, runs: readonly string[]): string | undefined {
  const way = `the inventory's files hold no secrets: keep it in a file that Sitewright does not manage, readable by its user alone, and let ${path} name that file`;
  if (runs.some((line) => line.startsWith("altered ")))
    return "its text is private, no text at all, or too long, and is only known by its fingerprint; write the change into the YAML yourself, or revert it";
  if (runs.some((line) => /^mode 0?[0-7]00$/.test(line)))
    return `only its owner may read it, so its text may not stand in YAML for everybody; ${way}`;
  const line = contentLines(runs).findIndex(secretLine);
  return line < 0 ? undefined : `line ${line + 1} holds what is or could be a secret; ${way}`;
}

function isOwn(path: string, { request }: HostGround): boolean {
  return ownNode(request, ["files", path]) !== undefined;
}

function withEnd(content: string): string {
  return content === "" || content.endsWith("\n") ? content : `${content}\n`;
}
