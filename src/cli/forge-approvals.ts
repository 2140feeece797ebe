import { sealOf } from "../deploy/approval/prove.ts";
import { judgeReviews } from "../deploy/approval/review-rule.ts";
import type { Approval } from "../deploy/stores/types.ts";
import type { DeployContext } from "../deploy/types.ts";
import { ForgeError } from "../forge/forge-error.ts";
import type { Forge } from "../forge/types.ts";
import { runGit } from "../inventory/read/git.ts";
import type { Finding } from "../model/finding.ts";
import type { Site } from "../model/site.ts";
import type { SitePlan } from "../planner/plan/types.ts";
import { type Options, textOption } from "./command.ts";
import { UsageError } from "./exit.ts";
import { forgeEnvironment, forgeOf } from "./forge-flags.ts";

/** A forge's answer holds for so long: for the push that asked. */
const HOLDS_MS = 3_600_000;
/** What a plan is made from. */
const SOURCES = ["inventory", "policies", "templates"];

/** Reviews of one request, ready to be counted for plans. */
export interface RequestReviews {
  /** `github owner/name#12`. */
  readonly request: string;
  readonly counted: readonly { readonly login: string; readonly at: string; readonly commit: string }[];
  /** Why others do not count. */
  readonly refused: readonly string[];
}

/** Asks the forge for the reviews of the request that `--request` names; undefined where none is named.
 *  @throws UsageError where the forge does not answer, or what lies here is not what was reviewed */
export async function readReviews(root: string, options: Options): Promise<RequestReviews | undefined> {
  if (textOption(options, "request") === undefined) return undefined;
  const environment = await forgeEnvironment(options);
  const forge = await forgeOf(environment);
  if (forge === undefined || environment.request === undefined)
    throw new UsageError(
      `${environment.tokenVariable} is not set, so no review can be asked for`,
      "set a token that may read the request, or approve by signature: sitewright approve --plan FILE",
    );
  try {
    const name = `${forge.kind} ${environment.repository ?? "?"}#${environment.request}`;
    return await ask(root, forge, environment.request, name);
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    throw new UsageError(error.message, error.hint);
  }
}

async function ask(root: string, forge: Forge, number: number, name: string): Promise<RequestReviews> {
  const [request, reviews, commits, account] = await Promise.all([
    forge.request(number),
    forge.reviews(number),
    forge.commits(number),
    forge.account(),
  ]);
  const head = request.head.commit;
  const { counted, refused } = judgeReviews({ author: request.author, head, account, reviews, commits });
  if (head !== undefined && counted.length > 0) await expectSameSources(root, head, name);
  return { request: name, counted, refused };
}

/** What lies here must be what the reviewers saw. @throws UsageError */
async function expectSameSources(root: string, head: string, name: string): Promise<void> {
  if (!/^[0-9a-f]{40,64}$/.test(head))
    throw new UsageError(`${name} has no commit for a head`, "check the request");
  const known = await runGit(root, ["cat-file", "-e", `${head}^{commit}`]);
  if (known.code !== 0)
    throw new UsageError(`the head of ${name} is not here: ${head.slice(0, 10)}`, `git fetch origin ${head}`);
  const differs = await runGit(root, ["diff", "--quiet", head, "--", ...SOURCES]);
  const untracked = await runGit(root, ["status", "--porcelain", "--ignored", "--", ...SOURCES]);
  if (differs.code === 0 && untracked.code === 0 && untracked.stdout.length === 0) return;
  throw new UsageError(
    `what lies here is not what was reviewed in ${name} (${head.slice(0, 10)})`,
    "check out what was reviewed, without changes of your own; or have the plan signed: sitewright approve --plan FILE",
  );
}

/** Puts reviews on record for a plan, or says why they cannot be counted for it. A review was given to a preview, which
 *  assumes that devices run what was pushed last: where one does not, somebody has to look at the plan itself. */
export async function recordReviews(
  site: Site,
  plan: SitePlan,
  reviews: RequestReviews,
  deploy: DeployContext,
): Promise<readonly Finding[]> {
  const warn = (code: string, message: string, hint: string): Finding => ({
    code,
    severity: "warning",
    message,
    hint,
    where: site.origin,
  });
  const findings = reviews.refused.map((why) =>
    warn(
      "APPROVAL-REVIEW",
      `${reviews.request}: a review does not count, ${why}`,
      "another person reviews the head of the request",
    ),
  );
  const moved = await movedDevices(plan, deploy);
  if (moved.length > 0) {
    const message = `reviews of ${reviews.request} do not count: ${moved.join(", ")} runs something else than was pushed last`;
    const hint = "somebody looks at the live plan: sitewright approve --plan FILE --key KEY";
    return [...findings, warn("GATE-BASE-MOVED", message, hint)];
  }
  const now = deploy.now();
  for (const { login, at, commit } of reviews.counted) {
    const open: Approval = {
      schemaVersion: 1,
      role: "approval",
      plan: plan.digest,
      site: plan.site,
      changeClass: plan.changeClass,
      by: login,
      at: now.toISOString(),
      expires: new Date(now.getTime() + HOLDS_MS).toISOString(),
      reason: `review of ${at}`,
      proof: { kind: "forge", request: reviews.request, commit, seal: "" },
    };
    const proof = {
      kind: "forge",
      request: reviews.request,
      commit,
      seal: sealOf(open, deploy.fingerprint),
    } as const;
    const note = `${reviews.request} at ${commit.slice(0, 10)}`;
    const event = {
      what: "approved",
      who: login,
      proved: true,
      site: plan.site,
      plan: plan.digest,
      note,
    } as const;
    await deploy.stores.audit.append(event);
    await deploy.stores.approvals.append({ ...open, proof });
  }
  return findings;
}

async function movedDevices(plan: SitePlan, deploy: DeployContext): Promise<string[]> {
  const moved: string[] = [];
  for (const { device, asset, commands, runningDigest } of plan.devices) {
    if (commands.length === 0) continue;
    const receipt = await deploy.stores.receipts.last(asset);
    if (receipt === undefined || receipt.snapshot !== runningDigest) moved.push(device);
  }
  return moved;
}
