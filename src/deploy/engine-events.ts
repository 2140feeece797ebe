import type { EngineEvent } from "./pulumi.ts";

/** How the engine ended with one resource. */
export interface ResourceEnding {
  readonly type: string;
  readonly name: string;
  readonly op: string;
  readonly failed: boolean;
}

/** Gathers from the engine's events what became of each resource and what it complained about. */
export class EngineEvents {
  readonly #endings: ResourceEnding[] = [];
  readonly #errors: { readonly name: string; readonly text: string }[] = [];

  /** Takes the next event. */
  take(event: EngineEvent): void {
    const diagnostic = event.diagnosticEvent;
    if (diagnostic?.severity === "error") {
      this.#errors.push({ name: nameOf(diagnostic.urn ?? ""), text: plain(diagnostic.message) });
    }
    const metadata = event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
    if (!metadata) return;
    const name = nameOf(metadata.urn);
    const failed = event.resOpFailedEvent !== undefined;
    this.#endings.push({ type: metadata.type, name, op: metadata.op, failed });
  }

  /** What became of the resources of a type. */
  endings(type: string): readonly ResourceEnding[] {
    return this.#endings.filter((ending) => ending.type === type);
  }

  /** What the engine complained about one resource. */
  errorsOf(name: string): readonly string[] {
    return this.#errors.filter((error) => error.name === name).map((error) => error.text);
  }

  /** The engine's errors; where it gave none, the last lines of what it died of. */
  errors(failure: unknown): readonly string[] {
    if (this.#errors.length > 0) return this.#errors.map((error) => error.text);
    const text = failure instanceof Error ? failure.message : String(failure);
    return [text.trim().split("\n").slice(-5).join("\n")];
  }
}

/** Engine messages carry colour marks such as `<{%fg 1%}>`. */
function plain(text: string): string {
  return text.replace(/<\{%[^%]*%\}>/g, "").trim();
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}
