import { readFile } from "node:fs/promises";
import { readSigners } from "../../deploy/approval/signers.ts";
import { allEntries } from "../../deploy/audit/chain.ts";
import { type AuditVerdict, type KeptHead, verifyLog } from "../../deploy/audit/verify-log.ts";
import { personalPath, readSettings, type Settings } from "../../deploy/settings.ts";
import { sharedAddress } from "../../deploy/stores/sql/address.ts";
import type { DeployContext } from "../../deploy/types.ts";
import { stateFolder } from "../../deploy/workspace.ts";
import type { Finding } from "../../model/finding.ts";
import {
  type CommandContext,
  type CommandOutcome,
  findingReasons,
  type Options,
  textOption,
} from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { UsageError } from "../exit.ts";
import { readDuties } from "../read-duties.ts";
import { printFindings } from "../text/findings.ts";

/** Where the log is, as findings name it: the file, or the table that machines share. */
const logPlace = (): string =>
  sharedAddress(process.env) === undefined ? ".sitewright/audit/log.jsonl" : "audit_lines";

/** Shows the audit log, proves that nothing of it was changed, or hands out its head to be kept apart. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const [action = "list"] = args;
  const deploy = openDeploy(context.root, []);
  switch (action) {
    case "list":
      return list(deploy, textOption(options, "site"));
    case "verify":
      return verify(context.root, deploy, textOption(options, "head"));
    case "head":
      return head(deploy);
    default:
      throw new UsageError(`audit does not know "${action}"`, "type: sitewright audit list, verify or head");
  }
}

async function list(deploy: DeployContext, site: string | undefined): Promise<CommandOutcome> {
  const all = await allEntries(deploy.stores.audit);
  const entries = all.filter((entry) => site === undefined || entry.site === site);
  const duties = (await readDuties(deploy)).filter((duty) => site === undefined || duty.site === site);
  return {
    findings: [],
    result: { entries, duties },
    reasons: [],
    text: (printer) => {
      const { style } = printer;
      if (entries.length === 0) printer.line("the audit log holds nothing of it");
      for (const { seq, at, what, who, site: of, device, plan, note, proved } of entries) {
        const subject = [device ?? of, plan?.slice(0, 19)].filter((word) => word !== undefined).join(" ");
        const doubt = proved === false ? " (unproved)" : "";
        printer.line(
          `${String(seq).padStart(5)} ${at} ${style.bold(what.padEnd(9))} ${who}${doubt} ${subject} ${style.dim(note ?? "")}`.trimEnd(),
        );
      }
      for (const { site: of, plan, by, due, overdue } of duties) {
        const word = overdue ? style.red("overdue") : style.yellow("to be reviewed");
        printer.line(`${word} by ${due}: emergency of ${by} at ${of}`);
        printer.line(style.dim(`  somebody else types: sitewright approve --plan ${plan} --review`));
      }
    },
  };
}

async function verify(
  root: string,
  deploy: DeployContext,
  given: string | undefined,
): Promise<CommandOutcome> {
  const settings = readSettings(stateFolder(root));
  const kept = [
    ...(await anchoredHead(settings.audit)),
    ...(given === undefined ? [] : [await givenHead(given)]),
  ];
  const verdict = await verifyLog({
    store: deploy.stores.audit,
    signers: await readSigners(root, settings.approvals ?? {}),
    kept,
    mustBeSigned: (process.env.SITEWRIGHT_AUDIT_KEY || settings.audit?.key) !== undefined,
    now: deploy.now(),
  });
  const findings = findingsOf(verdict);
  return {
    findings,
    result: {
      entries: verdict.entries,
      head: verdict.head ?? null,
      headState: verdict.headState,
      signedBy: verdict.signedBy ?? null,
      intact: verdict.problems.length === 0,
    },
    reasons: findingReasons(findings),
    text: (printer) => {
      printFindings(printer, findings, () => undefined);
      const { style } = printer;
      const by = verdict.signedBy === undefined ? "" : ` by ${verdict.signedBy}`;
      const word = verdict.problems.length === 0 ? style.green("unbroken") : style.red("broken");
      printer.line(`${verdict.entries} entries, ${word}; head: ${verdict.headState}${by}`);
    },
  };
}

async function head(deploy: DeployContext): Promise<CommandOutcome> {
  const found = await deploy.stores.audit.head();
  if (found === undefined)
    throw new UsageError("the audit log has no head yet", "it gets one with its first entry");
  return {
    findings: [],
    result: { head: found },
    reasons: [],
    text: (printer) => printer.line(JSON.stringify(found)),
  };
}

/** The newest head that the anchor holds. */
async function anchoredHead(audit: Settings["audit"]): Promise<KeptHead[]> {
  if (audit?.anchor === undefined) return [];
  const path = personalPath(audit.anchor);
  const text = await readFile(path, "utf8").catch(() => {
    throw new UsageError(
      `the anchor ${path} cannot be read`,
      "check audit.anchor in .sitewright/config.json",
    );
  });
  return text.trim() === "" ? [] : [{ ...readHead(text, path), whose: `the anchor ${path}` }];
}

async function givenHead(given: string): Promise<KeptHead> {
  const [, seq, hash] = /^(\d+):(sha256:[0-9a-f]{64})$/.exec(given) ?? [];
  if (seq !== undefined && hash !== undefined) return { seq: Number(seq), hash, at: "", whose: "--head" };
  const text = await readFile(given, "utf8").catch(() => {
    throw new UsageError(`${given} cannot be read`, "give a file of `sitewright audit head`, or SEQ:HASH");
  });
  return { ...readHead(text, given), whose: given };
}

/** The last whole line of a file of heads. */
function readHead(text: string, path: string): { seq: number; hash: string; at: string } {
  for (const line of text.trim().split("\n").toReversed()) {
    try {
      const head = JSON.parse(line) as { seq: number; hash: string; at: string };
      if (Number.isInteger(head.seq) && typeof head.hash === "string") return head;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  throw new UsageError(`${path} holds no head`, "make one: sitewright audit head > FILE");
}

function findingsOf(verdict: AuditVerdict): Finding[] {
  const problems = verdict.problems.map(
    ({ code, line, message }): Finding => ({
      code,
      severity: "error",
      message,
      hint: "compare with a copy of the log; keep the damaged file as evidence",
      where: { file: logPlace(), line: line ?? Math.max(1, verdict.entries), column: 1 },
    }),
  );
  const notes = verdict.notes.map(
    (message): Finding => ({
      code: "AUDIT-UNPROVED",
      severity: "warning",
      message,
      hint: "set audit.key, audit.as and audit.anchor in .sitewright/config.json (docs/approvals.md)",
      where: { file: logPlace(), line: 1, column: 1 },
    }),
  );
  return [...problems, ...notes];
}
