const INSTALLER_HOST = "https://get.pulumi.com/";

/** How long Pulumi's host may take to answer, milliseconds: where it is filtered, we go on soon. */
const ANSWER_MS = 10_000;

/** Installs the engine of the SDK's own release by Pulumi's installer into `root`.
 *  @throws Error where Pulumi's host does not answer or its installer fails */
export async function installByPulumi(root: string): Promise<void> {
  await expectAnswer(INSTALLER_HOST);
  const { PulumiCommand } = await import("../pulumi.ts");
  await PulumiCommand.install({ root });
}

async function expectAnswer(url: string): Promise<void> {
  try {
    await fetch(url, { method: "HEAD", signal: AbortSignal.timeout(ANSWER_MS) });
  } catch (cause) {
    throw new Error(`${url} does not answer`, { cause });
  }
}
