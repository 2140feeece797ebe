import { appendFile } from "node:fs/promises";
import { annotationsOf } from "../forge/annotations.ts";
import type { ForgeEnvironment } from "../forge/environment.ts";
import { ForgeError } from "../forge/forge-error.ts";
import { postSticky } from "../forge/sticky.ts";
import type { Forge, Verdict } from "../forge/types.ts";
import { COMMENT_MARK, previewComment, standingOf, verdictLine } from "../report/comment.ts";
import { type ToldPreview, toldFindings } from "../report/told-preview.ts";
import { type ExitReason, UsageError } from "./exit.ts";
import { forgeOf } from "./forge-flags.ts";

/** What became of a preview on its request. */
export interface PostOutcome {
  readonly result: {
    /** `no-token`: a job of a fork. `outdated`: the request has another head by now. `refused`: see the exit reasons. */
    readonly did: "created" | "updated" | "unchanged" | "no-token" | "outdated" | "refused";
    readonly request: number | null;
    /** How the commit was marked. */
    readonly mark: "check" | "status" | null;
  };
  readonly reasons: readonly ExitReason[];
  /** Lines for whoever reads the job's log. */
  readonly lines: readonly string[];
}

/** Posts a preview: the one comment of its request, and a mark on its commit. What the forge refuses is told and never
 *  thrown, so that the preview itself is not lost; the job's summary holds it in any case. */
export async function postPreview(told: ToldPreview, environment: ForgeEnvironment): Promise<PostOutcome> {
  const comment = previewComment({
    preview: told,
    ...(environment.runUrl === undefined ? {} : { reportUrl: environment.runUrl }),
  });
  await tellJob(told, comment);
  const forge = await forgeOf(environment);
  if (forge === undefined) {
    const where = process.env.GITHUB_STEP_SUMMARY
      ? "stands in the job's summary"
      : "is in the files of this run";
    return {
      result: { did: "no-token", request: environment.request ?? null, mark: null },
      reasons: [],
      lines: [`not posted: ${environment.tokenVariable} is not set; the preview ${where}`],
    };
  }
  try {
    return await post(forge, told, comment, environment);
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return {
      result: { did: "refused", request: environment.request ?? null, mark: null },
      reasons: [{ code: 3, reason: "incomplete", subject: `the comment was not written: ${error.message}` }],
      lines: [`not posted: ${error.message}`, `  ${error.hint}`],
    };
  }
}

async function post(
  forge: Forge,
  told: ToldPreview,
  comment: string,
  environment: ForgeEnvironment,
): Promise<PostOutcome> {
  const number = environment.request ?? (await requestOfRun(forge, told, environment));
  if (number === undefined)
    return {
      result: { did: "outdated", request: null, mark: null },
      reasons: [],
      lines: [`not posted: no open request stands at ${told.head.slice(0, 12)} any more`],
    };
  const request = await forge.request(number);
  if (request.head.commit !== told.head)
    return {
      result: { did: "outdated", request: number, mark: null },
      reasons: [],
      lines: [
        `not posted: request ${number} stands at ${(request.head.commit ?? "no commit").slice(0, 12)}, the preview is of ${told.head.slice(0, 12)}`,
      ],
    };
  const posted = await postSticky(forge, number, comment, COMMENT_MARK);
  const lines = [`${posted.did === "unchanged" ? "left" : posted.did} the comment of request ${number}`];
  let mark: "check" | "status" | null = null;
  try {
    mark = await forge.postVerdict(verdictOf(told, environment.runUrl));
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    // The comment says all; a token that may not mark commits is a choice.
    lines.push(`the commit is not marked: ${error.message}`);
  }
  return { result: { did: posted.did, request: number, mark }, reasons: [], lines };
}

/** The request of the run that this one follows. Its head is what the event says, never what an artifact says. */
async function requestOfRun(
  forge: Forge,
  told: ToldPreview,
  environment: ForgeEnvironment,
): Promise<number | undefined> {
  const { head } = environment;
  if (head === undefined) throw new UsageError("the number of the request is not known", "--request 12");
  if (head.commit !== told.head)
    throw new UsageError(
      `the preview is of ${told.head.slice(0, 12)}, the run that we follow is of ${head.commit.slice(0, 12)}`,
      "preview the head that the event names",
    );
  const open = await forge.openRequests();
  const [first, second] = open.filter(
    (request) => request.head.commit === head.commit && request.head.repository === head.repository,
  );
  if (second !== undefined)
    throw new UsageError(
      `more than one open request has the head ${head.commit.slice(0, 12)}`,
      `--request ${second.number}`,
    );
  return first?.number;
}

const STATES = { broken: "failure", review: "neutral", fine: "success" } as const;

function verdictOf(told: ToldPreview, url: string | undefined): Verdict {
  return {
    commit: told.head,
    state: STATES[standingOf(told)],
    title: verdictLine(told),
    annotations: annotationsOf(toldFindings(told)),
    ...(url === undefined ? {} : { url }),
  };
}

/** Variables of a job: counts and digests only, nothing that a branch could word. */
export function jobVariables(told: ToldPreview): string {
  const devices = told.sites.flatMap((site) => site.devices).filter((device) => device.state !== "same");
  const errors = toldFindings(told).filter(
    ({ severity, waiver }) => severity === "error" && waiver === undefined,
  );
  const digest = /^sha256:[0-9a-f]{64}$/.test(told.digest) ? told.digest : "";
  return [
    `verdict=${standingOf(told)}`,
    `sites=${told.sites.length}`,
    `devices=${devices.length}`,
    `errors=${errors.length}`,
    `digest=${digest}`,
    "",
  ].join("\n");
}

/** GitHub's and Gitea's runners show a summary and hand variables on. */
async function tellJob(told: ToldPreview, comment: string): Promise<void> {
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output } = process.env;
  if (summary) await appendFile(summary, `${comment}\n`);
  if (output) await appendFile(output, jobVariables(told));
}
