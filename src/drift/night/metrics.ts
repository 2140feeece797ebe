import { PRIORITIES } from "../../model/alert.ts";
import { compareText } from "../../model/finding.ts";
import type { Incident } from "../incidents/types.ts";
import { isIncident, type SiteDrift } from "../read-drift.ts";
import type { OutboxCount } from "../store/outbox.ts";

/** What is measured of a run. */
export interface RunFigures {
  readonly endedAt: Date;
  readonly durationMs: number;
  readonly drifts: readonly SiteDrift[];
  /** Those that want attention. */
  readonly incidents: readonly Incident[];
  readonly outbox: readonly OutboxCount[];
}

type Labels = Readonly<Record<string, string>>;

const STATES = ["clean", "drift", "unadopted", "unreachable"] as const;

/** Spells a run as a Prometheus text file, for node_exporter's textfile collector.
 *  @see https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function prometheusText(figures: RunFigures): string {
  const { drifts, incidents, outbox } = figures;
  const lines: string[] = [];
  const gauge = (name: string, help: string, samples: readonly (readonly [Labels, number])[]): void => {
    if (samples.length === 0) return;
    lines.push(`# HELP sitewright_${name} ${help}`, `# TYPE sitewright_${name} gauge`);
    lines.push(
      ...samples
        .map(([labels, value]) => `sitewright_${name}${labelText(labels)} ${value}`)
        .sort(compareText),
    );
  };
  gauge("drift_last_run_timestamp_seconds", "When the last drift run ended.", [
    [{}, figures.endedAt.getTime() / 1000],
  ]);
  gauge("drift_duration_seconds", "How long the last drift run took.", [[{}, figures.durationMs / 1000]]);
  gauge(
    "devices",
    "Devices by what the last run found.",
    drifts.flatMap(({ site, devices }) =>
      STATES.map(
        (state) => [{ site, state }, devices.filter((device) => device.state === state).length] as const,
      ),
    ),
  );
  gauge(
    "drift_items",
    "Changes behind our back by priority.",
    drifts.flatMap(({ site, devices }) => {
      const items = devices.flatMap((device) => device.items.filter(isIncident));
      return PRIORITIES.map(
        (priority) =>
          [{ site, priority }, items.filter((item) => item.priority === priority).length] as const,
      );
    }),
  );
  gauge(
    "incidents",
    "Incidents that are not closed.",
    [
      ...Map.groupBy(incidents, ({ site, state, facts }) => JSON.stringify([site, state, facts.priority])),
    ].map(([key, own]) => {
      const [site = "", state = "", priority = ""] = JSON.parse(key) as string[];
      return [{ site, state, priority }, own.length] as const;
    }),
  );
  gauge(
    "alerts_waiting",
    "Notices that have not reached their channel yet.",
    outbox.map(({ target, waiting }) => [{ target }, waiting] as const),
  );
  gauge(
    "alerts_doubtful",
    "Notices that were sent twice without an answer.",
    outbox.map(({ target, doubtful }) => [{ target }, doubtful] as const),
  );
  return `${lines.join("\n")}\n`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
