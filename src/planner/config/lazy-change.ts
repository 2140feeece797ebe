import type { Change } from "./types.ts";

/** How the parts of a change are worked out that not everybody asks for. */
type Later = { readonly [part in "rollback" | "steps" | "items" | "predicted"]: () => Change[part] };

/** A change whose parts are worked out when they are first read: who types its commands only does not wait for the way
 *  back, which is found, ordered and proved like the way there. */
export class LazyChange implements Change {
  readonly equal: boolean;
  readonly commands: readonly string[];
  readonly findings: Change["findings"];
  readonly unmanaged: number;
  readonly departure?: number;
  readonly #later: Later;
  #rollback: Change["rollback"] | undefined;
  #steps: Change["steps"] | undefined;
  #items: Change["items"] | undefined;
  #predicted: string | undefined;

  constructor(
    known: Pick<Change, "equal" | "commands" | "findings" | "unmanaged" | "departure">,
    later: Later,
  ) {
    this.equal = known.equal;
    this.commands = known.commands;
    this.findings = known.findings;
    this.unmanaged = known.unmanaged;
    if (known.departure !== undefined) this.departure = known.departure;
    this.#later = later;
  }

  get rollback(): Change["rollback"] {
    this.#rollback ??= this.#later.rollback();
    return this.#rollback;
  }

  get steps(): Change["steps"] {
    this.#steps ??= this.#later.steps();
    return this.#steps;
  }

  get items(): Change["items"] {
    this.#items ??= this.#later.items();
    return this.#items;
  }

  get predicted(): string {
    this.#predicted ??= this.#later.predicted();
    return this.#predicted;
  }

  /** All parts, for who keeps a change as text. */
  toJSON(): Change {
    const { equal, commands, rollback, steps, items, findings, predicted, unmanaged, departure } = this;
    const whole = { equal, commands, rollback, steps, items, findings, predicted, unmanaged };
    return departure === undefined ? whole : { ...whole, departure };
  }
}
