import type { Rule, SequenceSyntax } from "./dialect.ts";

/** How a platform spells prefix lists whose entries are lines at root, each with the name of its list. */
export interface PrefixListForm {
  /** What every line begins with: `ip prefix-list`. */
  readonly head: string;
  readonly namespace: string;
  /** The context of the entries. */
  readonly context: string;
  /** The word before the number. */
  readonly number: "seq" | "index";
  readonly undo: "no" | "undo";
  /** Distance of the numbers that the device gives. */
  readonly step: number;
  readonly routes: "slash" | "words";
  /** The device takes another entry under a number in use. */
  readonly overwrites?: true;
  /** The list may have a description, which goes with the list. */
  readonly described: boolean;
  readonly source: string;
}

/** What a dialect says of such lists: the rules of their lines, and by context how their entries are typed. */
export interface PrefixLists {
  readonly rules: readonly Rule[];
  readonly sequences: Readonly<Record<string, SequenceSyntax>>;
}

/** All spellings of prefix lists that a platform has. */
export function prefixLists(forms: readonly PrefixListForm[]): PrefixLists {
  return {
    rules: forms.flatMap(rulesOf),
    sequences: Object.fromEntries(forms.map((form) => [form.context, sequenceOf(form)])),
  };
}

/** The lines of such a list: none of them is a header, so the list is there with its first entry. */
function rulesOf({ head, namespace, context, undo, described, source }: PrefixListForm): Rule[] {
  const list = `${head} {${namespace}}`;
  const description: Rule = {
    line: `${list} description <text>`,
    remove: `${undo} ${head} $1 description`,
    source,
  };
  return [
    {
      line: list,
      block: context,
      life: "entries",
      defines: [namespace],
      remove: `${undo} ${head} $1`,
      ...(described && { owns: `${head} $1 ` }),
      source,
    },
    {
      line: `${list} <...>`,
      entryOf: [{ when: /./, header: `${head} $1` }],
      defines: [namespace],
      source,
    },
    ...(described ? [description] : []),
  ];
}

/** How the entries of such a list are numbered and typed. */
function sequenceOf(form: PrefixListForm): SequenceSyntax {
  const { head, number, undo, step, routes, overwrites, source } = form;
  return {
    word: number,
    entries: ["permit", "deny"],
    step,
    add: `${head} $name ${number} $seq $entry`,
    remove: `${undo} ${head} $name ${number} $seq`,
    typedAt: "root",
    routes,
    ...(overwrites && { overwrites }),
    resequence: [],
    resequenceIn: "root",
    emptyMeans: "permit",
    source,
  };
}
