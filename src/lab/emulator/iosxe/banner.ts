import type { IosState } from "./state.ts";

/** The text of a banner without its delimiters. */
export function bannerText(state: IosState, kind: string): string | undefined {
  const kept = state.config.root.get("banner", kind);
  return kept === undefined ? undefined : `${kept.slice(`banner ${kind} ^C`.length, -2)}\n`;
}
