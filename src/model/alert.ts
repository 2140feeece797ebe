import type { SecretRef } from "./secret.ts";

/** How urgent an incident is; P1 first. */
export const PRIORITIES = ["P1", "P2", "P3", "P4"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** When a client is served: weekdays 09:00-17:00, every day 08:00-20:00, or always; on the site's clock. */
export type ServiceHours = "5x8" | "7x12" | "24x7";

/** How long an incident may stay without a person's answer, and open, counted in service hours. */
export interface ResponseTarget {
  readonly respondMs: number;
  readonly resolveMs: number;
}

/** What every channel has. */
interface ChannelBase {
  /** Key under `alerts.channels`. */
  readonly name: string;
  /** The least urgent priority that is told here. */
  readonly minimum: Priority;
  /** Whether it is told that an incident closed. */
  readonly closed: boolean;
}

/** A chat room's robot or a webhook: the address itself lets one in, so it is a secret. */
export interface WebChannel extends ChannelBase {
  readonly type: "dingtalk" | "wecom" | "feishu" | "slack" | "teams" | "webhook";
  readonly url: SecretRef;
  /** Key of the signature, where the robot wants one. */
  readonly secret?: SecretRef;
}

/** A mail server and who is written to. */
export interface MailChannel extends ChannelBase {
  readonly type: "email";
  readonly host: string;
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  readonly from: string;
  readonly to: readonly string[];
  readonly user?: string;
  readonly password?: SecretRef;
}

export type AlertChannel = WebChannel | MailChannel;

/** How a site's incidents live and who hears of them: provider, client and site laid over each other. */
export interface AlertSettings {
  readonly language: "en" | "zh";
  readonly timezone: string;
  readonly hours: ServiceHours;
  readonly channels: readonly AlertChannel[];
  readonly targets: Readonly<Record<Priority, ResponseTarget>>;
  /** Nights without an answer after which a device is an incident of its own. */
  readonly unreadableNights: number;
  /** So many openings within so long make a problem of an incident. */
  readonly problem: { readonly openings: number; readonly withinMs: number };
}
