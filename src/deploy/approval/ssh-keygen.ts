import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What each kind of signature is for; an allowed signer may be limited to some. */
export const APPROVAL_NAMESPACE = "sitewright-approval";
export const AUDIT_NAMESPACE = "sitewright-audit";

/** Long enough to type a passphrase or touch a token, milliseconds. */
const SIGN_TIMEOUT_MS = 120_000;
const VERIFY_TIMEOUT_MS = 20_000;

/** Nothing was signed. */
export class SigningError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = "SigningError";
    this.hint = hint;
  }
}

/** A text to be signed. */
export interface Signing {
  readonly key: string;
  readonly namespace: string;
  readonly text: string;
}

/** Signs a text with an SSH key: a private key file, or a public one whose private key an agent holds.
 *  @returns the armoured signature
 *  @throws SigningError @see https://man.openbsd.org/ssh-keygen#Y~5 */
export async function signText({ key, namespace, text }: Signing): Promise<string> {
  const answer = await sshKeygen(["-Y", "sign", "-f", key, "-n", namespace], text, SIGN_TIMEOUT_MS);
  if (answer.code === 0 && answer.stdout.startsWith("-----BEGIN SSH SIGNATURE-----")) return answer.stdout;
  throw new SigningError(
    `${key} did not sign: ${lastLine(answer.stderr)}`.slice(0, 200),
    "name a key that you can use: --key ~/.ssh/id_ed25519",
  );
}

/** A signature to be judged. */
export interface Verification {
  readonly text: string;
  readonly signature: string;
  readonly principal: string;
  readonly namespace: string;
  /** The content of an allowed-signers file. */
  readonly signers: string;
  /** The moment at which the key must be valid. */
  readonly at: Date;
}

/** Whether a signature holds. */
export type Verdict =
  | {
      readonly good: true;
      /** `SHA256:…` of the key. */
      readonly key: string;
    }
  | { readonly good: false; readonly why: string };

/** Judges a signature: the key is allowed for that principal and namespace, valid at that moment, and signed this text. */
export async function verifyText(request: Verification): Promise<Verdict> {
  const { principal, namespace } = request;
  if (!isPrincipal(principal)) return { good: false, why: `"${principal}" is no name of a signer` };
  const answer = await askWithFiles(request, ["verify", "-I", principal, "-n", namespace], request.text);
  const key = / key (SHA256:\S+)\s*$/m.exec(answer.stdout)?.[1];
  if (answer.code === 0 && key !== undefined) return { good: true, key };
  return { good: false, why: lastLine(answer.stderr) || lastLine(answer.stdout) || "it does not verify" };
}

/** The first plain name that a list of allowed signers gives to the key of a signature; undefined where it is not listed.
 *  The signature itself is not judged by it. */
export async function signerOf(signature: string, signers: string, at: Date): Promise<string | undefined> {
  const answer = await askWithFiles({ signature, signers, at }, ["find-principals"], "");
  if (answer.code !== 0) return undefined;
  return answer.stdout
    .split(/[\n,]/)
    .map((name) => name.trim())
    .find(isPrincipal);
}

/** Asks ssh-keygen about a signature; it and the list of signers are handed over in files of ours that go again. */
async function askWithFiles(
  { signature, signers, at }: Pick<Verification, "signature" | "signers" | "at">,
  question: readonly string[],
  input: string,
): Promise<Answer> {
  const folder = await mkdtemp(join(tmpdir(), "sitewright-verify-"));
  try {
    const list = join(folder, "allowed_signers");
    const file = join(folder, "signature");
    await writeFile(list, signers, { mode: 0o600 });
    await writeFile(file, signature, { mode: 0o600 });
    const time = `-Overify-time=${timeOf(at)}`;
    return await sshKeygen(["-Y", ...question, "-f", list, "-s", file, time], input, VERIFY_TIMEOUT_MS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tells whether a text can name one signer: no pattern, no list, no option. */
export function isPrincipal(name: string): boolean {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.@+:/-]{0,199}$/u.test(name);
}

/** `20260301221000`, in the zone that the child is given. */
function timeOf(at: Date): string {
  return at
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replace(/[-:T]/g, "");
}

function lastLine(text: string): string {
  const lines = text.trim().split("\n");
  return (lines.at(-1) ?? "").trim();
}

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function sshKeygen(args: readonly string[], input: string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn("ssh-keygen", args, {
      env: { ...process.env, TZ: "UTC", LC_ALL: "C" },
      stdio: ["pipe", "pipe", "pipe"],
      timeout: timeoutMs,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
    });
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
    });
    child.on("error", (cause) =>
      reject(
        Object.assign(new SigningError("ssh-keygen cannot be started", "install OpenSSH 8.9 or newer"), {
          cause,
        }),
      ),
    );
    child.on("close", (code) => resolve({ code: code ?? 255, stdout, stderr }));
    // Whoever ends early closes the pipe; its exit code tells why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
