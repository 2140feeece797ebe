import type { FileWhere } from "../../model/finding.ts";
import type { PortSettings } from "../schema/types.gen.ts";
import type { NetworkDraft } from "./base.ts";
import type { DeviceDraft } from "./machines.ts";

/** The other end of a cable. `device` ends carry VLANs on; the rest are leaves. */
export interface FarEnd {
  readonly kind: "device" | "server" | "host" | "wan";
  readonly name: string;
  readonly port: string | undefined;
}

/** What a port will be. Made by the layers, completed by links; only the link stage writes to it. */
export interface PortPlan {
  readonly device: DeviceDraft;
  readonly name: string;
  readonly fullName: string;
  at: FileWhere;
  data: PortSettings;
  /** Whether a file lists it; false where only a link at the other end names it. */
  readonly listed: boolean;
  mode: "access" | "trunk" | "routed" | "unused";
  access: NetworkDraft | undefined;
  voice: NetworkDraft | undefined;
  native: NetworkDraft | undefined;
  tagged: readonly NetworkDraft[] | "needed";
  lag: { readonly id: number; readonly lacp: "active" | "passive" | "static" } | undefined;
  far: FarEnd | undefined;
}

/** A cable between two devices. */
export interface LinkPlan {
  readonly a: PortPlan;
  readonly b: PortPlan;
  readonly at: FileWhere;
}

/** Spells an end, `sw-core:XGE0/0/1`. */
export function spellEnd(name: string, port: string | undefined): string {
  return port === undefined ? name : `${name}:${port}`;
}

/** Splits `sw-core:XGE0/0/1`; the port is undefined where there is no colon. */
export function splitEnd(text: string): { readonly name: string; readonly port: string | undefined } {
  const colon = text.indexOf(":");
  if (colon < 0) return { name: text, port: undefined };
  return { name: text.slice(0, colon), port: text.slice(colon + 1) };
}
