import { SecretError } from "../../deploy/secrets.ts";
import { operatorName } from "../../deploy/stack-environment.ts";
import { StoreError } from "../../deploy/stores/sql/sql.ts";
import type { DeployContext } from "../../deploy/types.ts";
import { advance } from "../../drift/incidents/life.ts";
import { tickAll } from "../../drift/incidents/readings.ts";
import type { Incident, IncidentEvent } from "../../drift/incidents/types.ts";
import { owedFor, rulesFrom } from "../../drift/night/rules.ts";
import type { NightStore } from "../../drift/store/night-store.ts";
import { readWorkspace } from "../../inventory/read/workspace.ts";
import { durationSeconds } from "../../inventory/units.ts";
import type { Finding } from "../../model/finding.ts";
import { type CommandContext, type CommandOutcome, flag, type Options, textOption } from "../command.ts";
import { openDeploy } from "../deploy-context.ts";
import { UsageError } from "../exit.ts";
import { openStore, sendOwed, settingsFor } from "../night.ts";
import { toMatcher } from "../select.ts";
import { printFindings } from "../text/findings.ts";
import { noticeLine, printIncident, printIncidents, printNotices } from "../text/incidents.ts";

const ACTIONS = ["list", "show", "ack", "snooze", "close", "send"] as const;
const LONGEST_SNOOZE_MS = 366 * 24 * 3_600_000;

/** What an action works with. */
interface Desk {
  readonly context: CommandContext;
  readonly deploy: DeployContext;
  readonly store: NightStore;
  /** Ids, or selectors for `list`. */
  readonly ids: readonly string[];
  readonly options: Options;
  readonly findings: readonly Finding[];
}

/** Shows what the night job remembers, and takes a person's answer. Reads no device. */
export async function run(
  context: CommandContext,
  args: readonly string[],
  options: Options,
): Promise<CommandOutcome> {
  const [given = "list", ...ids] = args;
  const action = ACTIONS.find((name) => name === given);
  if (action === undefined)
    throw new UsageError(
      `incidents does not know "${given}"`,
      `type: sitewright incidents ${ACTIONS.join(", ")}`,
    );
  const deploy = openDeploy(context.root, []);
  const { store, findings } = await openStore(context, deploy).catch((error: unknown) => {
    if (error instanceof StoreError || error instanceof SecretError)
      throw new UsageError(error.message, error.hint);
    throw error;
  });
  try {
    const desk: Desk = { context, deploy, store, ids, options, findings };
    if (action === "list") return await list(desk);
    if (action === "send") return await send(desk);
    if (ids.length === 0)
      throw new UsageError(
        `incidents ${action} wants the id of an incident`,
        `sitewright incidents ${action} INC-…`,
      );
    if (action === "show") return await show(desk);
    return await answer(desk, action);
  } finally {
    await store.close();
  }
}

async function list(desk: Desk): Promise<CommandOutcome> {
  const wanted = desk.ids.map(toMatcher);
  const found = await desk.store.incidents({ all: flag(desk.options, "all") });
  const chosen = found.filter((incident) => {
    const [client = "", site = "", name = ""] = incident.device.split("/");
    return (
      wanted.length === 0 || wanted.some(({ matches }) => matches({ client, site, name, role: undefined }))
    );
  });
  return outcome(desk, chosen, printIncidents);
}

async function show(desk: Desk): Promise<CommandOutcome> {
  const found = named(await desk.store.incidents({ all: true }), desk.ids);
  return outcome(desk, found, (printer, incidents) => {
    for (const incident of incidents) printIncident(printer, incident);
  });
}

async function answer(desk: Desk, action: "ack" | "snooze" | "close"): Promise<CommandOutcome> {
  const { context, deploy, store, ids, options } = desk;
  const now = deploy.now();
  const who = operatorName();
  const note = textOption(options, "note") ?? null;
  const at = now.toISOString();
  const event: IncidentEvent =
    action === "snooze"
      ? { kind: "snooze", at, who, note, until: untilOf(textOption(options, "until"), now) }
      : { kind: action === "ack" ? "acknowledge" : "close", at, who, note };
  const workspace = await readWorkspace(context.root);
  const rulesOf = rulesFrom(settingsFor({ workspace }, workspace.siteIds));
  const { changed } = await store.change("all", now.getTime(), (known) => {
    const chosen = named(known, ids);
    const done = chosen.find(({ state }) => state === "closed" || state === "watched");
    if (done) throw new UsageError(`${done.id} is ${done.state}`, "there is nothing to answer");
    const steps = chosen.map((incident) => advance(incident, event, rulesOf(incident.site)));
    return { changed: steps.flatMap((step) => step.incident ?? []), dropped: [], outbox: [] };
  });
  return outcome(desk, changed, printIncidents);
}

/** Lets the clocks run, so that what is overdue is told between two nights, and sends what is owed. */
async function send(desk: Desk): Promise<CommandOutcome> {
  const { context, deploy, store } = desk;
  const workspace = await readWorkspace(context.root);
  const settingsOf = settingsFor({ workspace }, workspace.siteIds);
  const now = deploy.now();
  const { notices } = await store.change("all", now.getTime(), (known) => {
    const changes = tickAll(known, now.toISOString(), rulesFrom(settingsOf));
    return { ...changes, outbox: owedFor(changes.notices, settingsOf) };
  });
  const { sent, findings, reasons } = await sendOwed(store, workspace.siteIds, settingsOf, {
    context,
    deploy,
  });
  const all = [...desk.findings, ...findings];
  return {
    findings: all,
    result: { incidents: [], notices: notices.map(noticeLine), alertsSent: sent },
    reasons,
    text: (printer) => {
      printFindings(printer, all, () => undefined);
      printNotices(printer, notices);
      printer.line(`${sent} messages sent`);
    },
  };
}

function outcome(
  desk: Desk,
  incidents: readonly Incident[],
  print: (printer: CommandContext["printer"], incidents: readonly Incident[]) => void,
): CommandOutcome {
  return {
    findings: desk.findings,
    result: { incidents, notices: [], alertsSent: 0 },
    reasons: [],
    text: (printer) => {
      printFindings(printer, desk.findings, () => undefined);
      print(printer, incidents);
    },
  };
}

/** Incidents by id, or by as much of its beginning as names one alone; `PRB-…` names the incident of a problem. */
function named(known: readonly Incident[], ids: readonly string[]): Incident[] {
  return ids.map((id) => {
    const wanted = id.replace(/^PRB-/i, "INC-").toLowerCase();
    const found = known.filter((incident) => incident.id.toLowerCase().startsWith(wanted));
    const [only] = found;
    if (only !== undefined && found.length === 1) return only;
    const problem = only === undefined ? "there is no incident" : `${found.length} incidents begin with`;
    throw new UsageError(`${problem} ${id}`, "type: sitewright incidents list --all");
  });
}

function untilOf(text: string | undefined, now: Date): string {
  if (text === undefined)
    throw new UsageError("snooze wants an end", "add --until 7d, or --until 2027-03-01T08:00:00Z");
  const isSpan = /^[1-9][0-9]{0,5}(m|h|d|w)$/.test(text);
  const until = isSpan ? now.getTime() + durationSeconds(text) * 1000 : Date.parse(text);
  if (Number.isNaN(until))
    throw new UsageError(
      `"${text}" is no span and no time`,
      "type --until 7d, or --until 2027-03-01T08:00:00Z",
    );
  if (until <= now.getTime()) throw new UsageError(`${text} is over already`, "name a time to come");
  if (until > now.getTime() + LONGEST_SNOOZE_MS)
    throw new UsageError(
      `${text} is more than a year away`,
      "snooze for a year at most; mend or adopt what is meant to stay",
    );
  return new Date(until).toISOString();
}
