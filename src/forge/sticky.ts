import { ForgeError } from "./forge-error.ts";
import type { Forge, ForgeComment } from "./types.ts";

/** What became of our comment. */
export interface Posted {
  readonly did: "created" | "updated" | "unchanged";
  /** Doubled comments of ours that were deleted. */
  readonly removed: number;
}

/** Writes the one comment of ours on a request, or writes it anew in place. Ours is what starts with the mark and what
 *  our own account wrote: somebody else's comment with the same mark is left alone. */
export async function postSticky(forge: Forge, request: number, body: string, mark: string): Promise<Posted> {
  const account = await forge.account();
  const find = async (): Promise<ForgeComment[]> => {
    const all = await forge.comments(request);
    return all
      .filter((comment) => comment.author === account && comment.body.startsWith(mark))
      .sort((a, b) => a.id - b.id);
  };
  const [first, ...doubled] = await find();
  if (first === undefined) {
    await createOnce(forge, request, body, find);
    return { did: "created", removed: 0 };
  }
  for (const comment of doubled) await remove(forge, request, comment.id);
  if (sameText(first.body, body)) return { did: "unchanged", removed: doubled.length };
  await forge.updateComment(request, first.id, body);
  return { did: "updated", removed: doubled.length };
}

/** What is gone already is gone: another job, or our own first try that was not answered. */
async function remove(forge: Forge, request: number, id: number): Promise<void> {
  try {
    await forge.deleteComment(request, id);
  } catch (error) {
    if (!(error instanceof ForgeError) || error.problem !== "not-found") throw error;
  }
}

/** A creation that got no clear answer may have happened: look before trying again, and try once. */
async function createOnce(
  forge: Forge,
  request: number,
  body: string,
  find: () => Promise<readonly ForgeComment[]>,
): Promise<void> {
  try {
    await forge.createComment(request, body);
  } catch (error) {
    if (!(error instanceof ForgeError) || !["failing", "unreachable"].includes(error.problem)) throw error;
    if ((await find()).length === 0) await forge.createComment(request, body);
  }
}

/** Forges may turn line ends and trim. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string): string => text.replaceAll("\r\n", "\n").trim();
  return plain(a) === plain(b);
}
