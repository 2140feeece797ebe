import { readFile } from "node:fs/promises";
import { type JudgedApproval, proveApprovals } from "../deploy/approval/prove.ts";
import { principalOf, readSigners, type Signers } from "../deploy/approval/signers.ts";
import { APPROVAL_NAMESPACE, SigningError, signText } from "../deploy/approval/ssh-keygen.ts";
import { canonicalText } from "../deploy/approval/statement.ts";
import { personalPath, readSettings } from "../deploy/settings.ts";
import { operatorName } from "../deploy/stack-environment.ts";
import type { Approval } from "../deploy/stores/types.ts";
import type { DeployContext } from "../deploy/types.ts";
import { stateFolder } from "../deploy/workspace.ts";
import { type Options, textOption } from "./command.ts";
import { UsageError } from "./exit.ts";

/** Who signs here, and whom a signature is judged by. */
export interface Desk {
  readonly signers: Signers;
  /** Key file; undefined where none is named. */
  readonly key: string | undefined;
  /** The principal that the key stands for, or, without a key, the operator's name. */
  readonly who: string;
}

/** Reads who signs: `--key` and `--as`, else `SITEWRIGHT_SIGNING_KEY`, else the settings of this machine.
 *  @throws UsageError where the key cannot be used by anybody */
export async function openDesk(root: string, options: Options): Promise<Desk> {
  const settings = readSettings(stateFolder(root)).approvals ?? {};
  const signers = await readSigners(root, settings);
  const named = textOption(options, "key") ?? (process.env.SITEWRIGHT_SIGNING_KEY || settings.key);
  if (named === undefined) return { signers, key: undefined, who: operatorName() };
  if (!signers.known) throw new UsageError(`no signature can be judged: ${signers.why}`, signers.hint);
  const key = personalPath(named);
  const publicKey = await publicKeyOf(key);
  const who = textOption(options, "as") ?? settings.as ?? principalOf(signers.text, publicKey);
  if (who === undefined)
    throw new UsageError(
      `${named} is not among the allowed signers (${signers.from})`,
      `have this line merged there: NAME ${publicKey.split(/\s+/).slice(0, 2).join(" ")}`,
    );
  return { signers, key, who };
}

/** Signs a statement where there is a key, and judges it as the gate will.
 *  @throws UsageError where the key does not sign */
export async function sealStatement(
  statement: Omit<Approval, "by" | "proof">,
  { key, who, signers }: Desk,
  deploy: DeployContext,
): Promise<JudgedApproval> {
  const open: Approval = { ...statement, by: who };
  const approval = key === undefined ? open : await signed(open, key);
  const context = { signers, fingerprint: deploy.fingerprint, now: deploy.now() };
  const [judged] = await proveApprovals([approval], context);
  return judged ?? { approval, proof: { proved: false, why: "it was not judged" } };
}

async function signed(approval: Approval, key: string): Promise<Approval> {
  try {
    const text = canonicalText(approval);
    const signature = await signText({ key, namespace: APPROVAL_NAMESPACE, text });
    return { ...approval, proof: { kind: "ssh", signature } };
  } catch (error) {
    if (error instanceof SigningError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}

async function publicKeyOf(key: string): Promise<string> {
  for (const path of [`${key}.pub`, key]) {
    const text = await readFile(path, "utf8").catch(() => "");
    if (/^(?:ssh-|ecdsa-|sk-)/.test(text)) return text.trim();
  }
  throw new UsageError(`${key} has no public key beside it`, `ssh-keygen -y -f ${key} > ${key}.pub`);
}
