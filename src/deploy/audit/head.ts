import { appendFile, mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { AUDIT_NAMESPACE, signText } from "../approval/ssh-keygen.ts";
import { personalPath, type Settings } from "../settings.ts";
import { headText } from "./chain.ts";
import type { AuditHead } from "./types.ts";

/** How a machine signs the head of the audit log, and where it keeps it apart. */
export type HeadOptions = NonNullable<Settings["audit"]>;

/** Signs a head where a key is configured; where the key does not answer, it stays unsigned and `verify` tells. */
export async function signHead(head: AuditHead, { key, as }: HeadOptions): Promise<AuditHead> {
  if (key === undefined) return head;
  const signing = { key: personalPath(key), namespace: AUDIT_NAMESPACE, text: headText(head) };
  const signature = await signText(signing).catch(() => undefined);
  if (signature === undefined) return head;
  return { ...head, ...(as === undefined ? {} : { by: as }), signature };
}

/** Adds a head to this machine's anchor, if it has one. */
export async function anchorHead(head: AuditHead, options: HeadOptions): Promise<void> {
  if (options.anchor === undefined) return;
  const anchor = personalPath(options.anchor);
  await mkdir(dirname(anchor), { recursive: true });
  await appendFile(anchor, `${JSON.stringify(head)}\n`, { mode: 0o600, flush: true });
}

/** Reads a head; undefined where the text is none. */
export function parseHead(text: string | undefined): AuditHead | undefined {
  if (text === undefined) return undefined;
  try {
    const head = JSON.parse(text) as AuditHead;
    return Number.isInteger(head.seq) && typeof head.hash === "string" ? head : undefined;
  } catch {
    return undefined;
  }
}
