import type { Finding } from "../model/finding.ts";
import type { DeviceIntent } from "../model/intent.ts";
import { buildSitePlan } from "../planner/plan/build-plan.ts";
import { closingFirst, type DeviceFlows, type Precedence } from "../planner/plan/closing-first.ts";
import { type DeviceOrder, orderDevices } from "../planner/plan/order.ts";
import type { DevicePlan, PlanFlows, ServerAction, SitePlan } from "../planner/plan/types.ts";
import { dueActions } from "./actions.ts";
import { findCommandPlugin, findEngine } from "./engine/locate.ts";
import { COMMAND_PLUGIN_VERSION } from "./engine/versions.ts";
import { limitTo } from "./limit.ts";
import { type PlanMode, type PlannedDevice, planDevice } from "./plan-device.ts";
import type { Receipt } from "./stores/types.ts";
import type { DeployContext, DeploySite, OnProgress } from "./types.ts";

/** What a reading of flows finds in the devices of a plan. */
export interface FlowAnalysis {
  readonly flows: PlanFlows;
  readonly findings: readonly Finding[];
  /** What each device opens and closes, for the order between them. */
  readonly byDevice: readonly DeviceFlows[];
}

/** How a site is planned. */
export interface PlanOptions {
  readonly mode: PlanMode;
  /** Ids of the devices to plan; all of the site where absent. */
  readonly only?: ReadonlySet<string>;
  readonly onProgress?: OnProgress;
  /** Finds the flows that the plan opens and closes, from the texts before and after. */
  readonly analyse?: (devices: readonly PlannedDevice[]) => FlowAnalysis;
}

const NO_FLOWS: FlowAnalysis = { flows: { opened: [], closed: [] }, findings: [], byDevice: [] };

/** Reads a site's devices (many at once, as many as the site allows), renders what is intended and puts the plan together.
 *  The plan is kept in the store under its digest. */
export async function planSite(
  site: DeploySite,
  context: DeployContext,
  options: PlanOptions,
): Promise<SitePlan> {
  const intents = site.devices.filter((intent) => options.only?.has(intent.id) ?? true);
  const limit = limitTo(site.parallel);
  const planned = await Promise.all(
    intents.map((intent) =>
      limit(() => readOne(intent.id, () => planDevice(intent, options.mode, context), options)),
    ),
  );
  const analysis = options.analyse?.(planned) ?? NO_FLOWS;
  const order = orderOf(planned, site, analysis.byDevice);
  const actions = await actionsOf(planned, context);
  const released = options.only ? [] : await releasedDevices(site, context);
  const plan = buildSitePlan({
    site: site.id,
    keyId: context.fingerprint.keyId,
    criticality: site.criticality,
    devices: [...ordered(planned, site, order), ...released],
    actions,
    flows: analysis.flows,
    findings: [
      ...planned.flatMap((device) => device.findings),
      ...analysis.findings,
      ...order.dropped.map((pair) => circleFinding(pair, site)),
      ...(await missingPlugin(actions)),
      ...(await openPushes(intents, context)),
    ],
    secretVersions: Object.assign(
      {},
      ...planned.map((device) => device.intended?.secretVersions ?? {}),
    ) as Record<string, string>,
  });
  await context.stores.plans.put(plan.digest, plan);
  return plan;
}

async function readOne(
  device: string,
  work: () => Promise<PlannedDevice>,
  options: PlanOptions,
): Promise<PlannedDevice> {
  options.onProgress?.({ device, phase: "read", status: "start", text: "reading" });
  const result = await work();
  const { state, reason, commands } = result.plan;
  const failed = state === "unreachable";
  const text = failed ? (reason ?? "no answer") : `${commands.length} commands`;
  options.onProgress?.({ device, phase: "read", status: failed ? "failed" : "done", text });
  return result;
}

function orderOf(
  planned: readonly PlannedDevice[],
  site: DeploySite,
  flows: readonly DeviceFlows[],
): DeviceOrder {
  return orderDevices(
    planned.map(({ plan, intent }) => ({
      name: intent.name,
      kind: intent.kind,
      paths: plan.items.filter((item) => item.managed && plan.commands.length > 0).map((item) => item.path),
    })),
    site.links,
    closingFirst(flows),
  );
}

/** Two devices that each close what the other opens have no safe order side by side. */
function circleFinding({ first, second }: Precedence, site: DeploySite): Finding {
  return {
    code: "PLAN-ORDER",
    severity: "warning",
    message: `${first} and ${second} each close or change what the other opens: no order is safe for all`,
    hint: "push the closing rules in a change of their own first, then the opening ones",
    where: { device: `${site.id}/${second}` },
  };
}

/** Adds to each plan which devices must be done before it. */
function ordered(planned: readonly PlannedDevice[], site: DeploySite, { before }: DeviceOrder): DevicePlan[] {
  return planned.map(({ plan, intent }) => ({
    ...plan,
    after: (before.get(intent.name) ?? []).map((name) => `${site.id}/${name}`),
  }));
}

async function releasedDevices(site: DeploySite, context: DeployContext): Promise<DevicePlan[]> {
  const assets = new Set(site.devices.map((intent) => intent.asset));
  const receipts = await context.stores.receipts.ofSite(site.id);
  return receipts.filter((receipt) => !assets.has(receipt.asset)).map(releaseOf);
}

function releaseOf(receipt: Receipt): DevicePlan {
  return {
    device: receipt.device,
    asset: receipt.asset,
    platform: receipt.platform,
    state: "release",
    basis: "archive",
    readAt: receipt.at,
    commands: [],
    rollback: [],
    steps: [],
    items: [],
    unmanaged: 0,
    saved: "unknown",
    intendedDigest: receipt.intendedDigest,
    runningDigest: undefined,
    commandsDigest: undefined,
    after: [],
  };
}

async function actionsOf(planned: readonly PlannedDevice[], context: DeployContext): Promise<ServerAction[]> {
  const lists = await Promise.all(planned.map(({ intent }) => dueActions(intent, context)));
  return lists.flat();
}

/** Actions that are due want a plugin; a plan says beforehand that it is missing. */
async function missingPlugin(actions: readonly ServerAction[]): Promise<Finding[]> {
  const [first] = actions;
  if (!first) return [];
  const engine = await findEngine();
  if (!engine || findCommandPlugin(engine) !== undefined) return [];
  return [
    {
      code: "PLAN-NO-COMMAND-PLUGIN",
      severity: "warning",
      message: `${actions.length} server actions are due, and Pulumi's command plugin is not here`,
      hint: `type: pulumi plugin install resource command ${COMMAND_PLUGIN_VERSION}`,
      where: { device: first.server },
    },
  ];
}

/** A killed push may have left a device between old and new: what was read of it may not last. */
async function openPushes(intents: readonly DeviceIntent[], context: DeployContext): Promise<Finding[]> {
  const opens = await Promise.all(intents.map((intent) => context.stores.journal.open(intent.asset)));
  return opens.flatMap((open) =>
    open === undefined
      ? []
      : [
          {
            code: "PLAN-OPEN-PUSH",
            severity: "warning" as const,
            message: `a push by ${open.operator} that started at ${open.startedAt} was not finished`,
            hint: `type: sitewright resume ${open.device}`,
            where: { device: open.device },
          },
        ],
  );
}
