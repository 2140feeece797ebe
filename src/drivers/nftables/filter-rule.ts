import type { ParsedRule, Step, Verdict } from "../../planner/filters/chains.ts";
import type { Interfaces } from "../../planner/filters/interfaces.ts";
import { all, condition, flagsWhere, only, type Predicate } from "../../planner/filters/predicate.ts";
import { UnreadError, Words } from "../../planner/filters/words.ts";
import type { Match } from "../../planner/flows/types.ts";
import { joinSteps } from "./filter-join.ts";
import { type Selector, selectorOf, unmodelledWords } from "./filter-selectors.ts";
import type { NamedSet } from "./filter-sets.ts";
import { splitElements } from "./filter-sets.ts";
import { tokenize } from "./statement.ts";

/** What a rule may refer to. */
export interface RuleContext {
  readonly interfaces: Interfaces;
  readonly sets: ReadonlyMap<string, NamedSet>;
  /** What the table's family implies. */
  readonly base: Match;
}

const VERDICTS = new Set(["accept", "drop", "reject", "return", "continue", "jump", "goto", "queue"]);
const OPERATORS = new Set(["==", "!=", "<", ">", "<=", ">=", "eq", "ne", "lt", "gt", "le", "ge"]);
const BIT: Readonly<Record<string, number>> = {
  fin: 1,
  syn: 2,
  rst: 4,
  psh: 8,
  ack: 16,
  urg: 32,
  ecn: 64,
  cwr: 128,
};

/** Reads a rule. What it does not know becomes a condition that is not modelled, and is never left out.
 *  @throws UnreadError where even its end cannot be found */
export function parseRule(text: string, context: RuleContext): ParsedRule {
  const tokens = tokenize([text], 0)
    .map((token) => token.text)
    .filter((token) => token !== "\n");
  return new RuleReader(text, new Words(tokens), context).read();
}

class RuleReader {
  readonly #text: string;
  readonly #words: Words;
  readonly #context: RuleContext;
  readonly #parts: Predicate[];
  readonly #warnings: string[] = [];

  constructor(text: string, words: Words, context: RuleContext) {
    this.#text = text.replace(/ comment "[^"]*"$/, "");
    this.#words = words;
    this.#context = context;
    this.#parts = [only(context.base)];
  }

  read(): ParsedRule {
    while (!this.#words.done) {
      const ended = this.#statement();
      if (ended !== undefined) return ended;
    }
    return this.#end({ kind: "next" });
  }

  #end(verdict: Verdict): ParsedRule {
    return { steps: [{ predicate: all(this.#parts), verdict }], warnings: this.#warnings };
  }

  /** Reads one expression or statement; a rule where it ends the rule. */
  #statement(): ParsedRule | undefined {
    const words = this.#words;
    const first = words.peek();
    if (VERDICTS.has(first)) return this.#end(this.#verdict());
    if (/^(masquerade|snat|dnat|redirect|tproxy|synproxy|fwd|xt)$/.test(first))
      return this.#translation(first);
    if (this.#harmless(first)) return undefined;
    if (first === "limit" || first === "quota") {
      this.#parts.push(condition(`${first} of "${this.#text}"`));
      this.#skipTo(
        first === "limit"
          ? /^(?:\d.*|rate|over|burst|name|packets|[kmg]?bytes(?:\/\w+)?|".*")$/
          : /^(?:\d.*|over|until|used|name|[kmg]?bytes|".*")$/,
      );
      return undefined;
    }
    const selectors = this.#selectors();
    if (selectors === undefined) {
      this.#unknown();
      return undefined;
    }
    return this.#comparison(selectors);
  }

  /** Statements that neither choose packets nor decide. */
  #harmless(first: string): boolean {
    const words = this.#words;
    if (first === "counter" || first === "log") {
      words.next();
      this.#skipTo(
        first === "counter"
          ? /^(?:packets|bytes|name|\d+|".*")$/
          : /^(?:prefix|level|group|flags|snaplen|queue-threshold|all|tcp|ip|sequence|options|skuid|ether|emerg|alert|crit|err|warn|notice|info|debug|audit|,|\d+|".*")$/,
      );
      return true;
    }
    if (first === "comment") {
      words.next();
      words.next();
      return true;
    }
    if (first === "notrack") {
      words.next();
      this.#warnings.push("notrack: the connection state of what follows is untracked");
      return true;
    }
    if (/^(add|update|delete)$/.test(first) && words.peek(1).startsWith("@")) return this.#remember();
    if (first === "flow" || first === "dup" || first === "nftrace") return this.#swallow();
    if (words.peek(1) === "set" || words.peek(2) === "set") {
      if (/^(ip|ip6|tcp|udp|th)$/.test(first) && /^[sd](addr|port)$/.test(words.peek(1)))
        this.#warnings.push("the rule rewrites addresses or ports; what follows sees them as they were");
      return this.#swallow();
    }
    return false;
  }

  /** `update @seen { ip saddr }` only remembers; with a rate or a count inside it chooses packets. */
  #remember(): boolean {
    const taken = [this.#words.next(), this.#words.next(), this.#valueWords()].join(" ");
    if (/\b(limit|count|quota)\b/.test(taken)) this.#parts.push(condition(`${taken} of "${this.#text}"`));
    return true;
  }

  /** Takes a statement's words up to the verdict or the end. */
  #swallow(): true {
    while (!this.#words.done && !VERDICTS.has(this.#words.peek()) && this.#words.peek() !== "comment")
      this.#words.next();
    return true;
  }

  #skipTo(own: RegExp): void {
    if (this.#words.peek() === "limit" || this.#words.peek() === "quota") this.#words.next();
    while (!this.#words.done && own.test(this.#words.peek())) this.#words.next();
  }

  #verdict(): Verdict {
    const word = this.#words.next();
    if (word === "jump" || word === "goto") return { kind: word, chain: this.#words.next() };
    if (word === "continue") return { kind: "next" };
    if (word === "queue") return { kind: "queue" };
    return { kind: word === "accept" ? "accept" : word === "return" ? "return" : "drop" };
  }

  /** Translations end a chain with accept; what they write is not followed. */
  #translation(first: string): ParsedRule {
    if (first === "xt" || first === "synproxy" || first === "fwd") {
      this.#unknown();
      return this.#end({ kind: first === "xt" ? "next" : "drop" });
    }
    return this.#end({ kind: "accept" });
  }

  /** What is not known: all words up to the verdict are one condition. */
  #unknown(): void {
    const taken: string[] = [];
    const words = this.#words;
    while (
      !words.done &&
      !VERDICTS.has(words.peek()) &&
      words.peek() !== "comment" &&
      words.peek() !== "vmap"
    ) {
      taken.push(words.next());
    }
    if (taken.length === 0) throw new UnreadError(`cannot read: ${words.rest()}`);
    this.#parts.push(condition(taken.join(" ")));
  }

  /** `ip saddr . tcp dport`; a name alone for one that is not modelled; undefined for what is no selector. */
  #selectors(): (Selector | string)[] | undefined {
    const found: (Selector | string)[] = [];
    do {
      const [first, second] = [this.#words.peek(), this.#words.peek(1)];
      const pair = selectorOf(`${first} ${second}`);
      const flags = first === "tcp" && second === "flags" ? 2 : undefined;
      const length = pair ? 2 : selectorOf(first) ? 1 : (flags ?? unmodelledWords(first, second));
      if (length === undefined) return found.length === 0 ? undefined : this.#broken();
      for (let taken = 0; taken < length; taken += 1) this.#words.next();
      found.push(pair ?? selectorOf(first) ?? (length === 2 ? `${first} ${second}` : first));
    } while (this.#words.take("."));
    return found;
  }

  #broken(): never {
    throw new UnreadError(`cannot read: ${this.#words.rest()}`);
  }

  #comparison(selectors: readonly (Selector | string)[]): ParsedRule | undefined {
    const words = this.#words;
    const [first] = selectors;
    if (words.peek() === "vmap") return this.#verdictMap(selectors);
    if (first === "tcp flags" && selectors.length === 1) {
      this.#parts.push(this.#flags());
      return undefined;
    }
    if (words.peek() === "&" || selectors.some((each) => typeof each === "string")) {
      this.#parts.push(this.#unmodelled(selectors));
      return undefined;
    }
    const operator = OPERATORS.has(words.peek()) ? words.next() : "==";
    this.#parts.push(this.#values(selectors as readonly Selector[], operator));
    return undefined;
  }

  /** A value, a set in braces or a set's name, compared with selectors that are modelled. */
  #values(selectors: readonly Selector[], operator: string): Predicate {
    const spelled = this.#valueWords();
    if (/^(<|>|lt|gt|le|ge)/.test(operator)) return this.#ordered(selectors, operator, spelled);
    const negated = operator === "!=" || operator === "ne";
    // A packet has one state: it never equals a sum of states, and always differs from it.
    if (/ \| /.test(spelled)) return { matches: negated ? [{}] : [], conditions: [] };
    // What `!=` with a list means depends on the version of nft.
    if (negated && spelled.includes(" , ") && !spelled.startsWith("{"))
      return condition(`${this.#named(selectors)} != ${spelled}`);
    const set = this.#elements(spelled);
    const bases = all(selectors.map((selector) => only(selector.base)));
    if (set === undefined)
      return all([bases, condition(`${this.#named(selectors)}${negated ? " not" : ""} in ${spelled}`)]);
    const [single] = selectors;
    if (selectors.length === 1 && single !== undefined)
      return all([bases, only(single.match(set.map(keyOf), negated, this.#context.interfaces))]);
    if (negated) return all([bases, condition(`${this.#text.split(" != ")[0]} not in ${spelled}`)]);
    return all([bases, this.#concatenated(selectors, set)]);
  }

  #concatenated(selectors: readonly Selector[], elements: readonly string[]): Predicate {
    const matches = elements.flatMap((element) => this.#tuple(selectors, element).matches);
    return { matches, conditions: [] };
  }

  /** One element of a concatenation: each part against its selector. */
  #tuple(selectors: readonly Selector[], element: string): Predicate {
    const parts = keyOf(element).split(" . ");
    if (keyOf(element) !== "*" && parts.length !== selectors.length)
      throw new UnreadError(`not a key: ${element}`);
    if (keyOf(element) === "*") return only({});
    return all(
      selectors.map((selector, index) =>
        only(selector.match([parts[index] ?? ""], false, this.#context.interfaces)),
      ),
    );
  }

  #ordered(selectors: readonly Selector[], operator: string, value: string): Predicate {
    const [selector] = selectors;
    const number = Number(value);
    if (selector === undefined || selectors.length > 1 || !Number.isInteger(number))
      throw new UnreadError(`cannot compare with ${value}`);
    const last = /^(<|lt)$/.test(operator) ? number - 1 : number;
    const first = /^(>|gt)$/.test(operator) ? number + 1 : number;
    const below = operator.startsWith("<") || operator.startsWith("l");
    if (below && last < 0) return { matches: [], conditions: [] };
    const range = below ? `0-${last}` : `${first}-65535`;
    return all([only(selector.base), only(selector.match([range], false, this.#context.interfaces))]);
  }

  /** `& mask == value` and selectors that are not modelled: the words are the condition. */
  #unmodelled(selectors: readonly (Selector | string)[]): Predicate {
    const words = this.#words;
    const bases = selectors.flatMap((each) => (typeof each === "string" ? [] : [only(each.base)]));
    const taken: string[] = [];
    while (words.peek() === "&" || words.peek() === "^" || words.peek() === "<<")
      taken.push(words.next(), this.#valueWords());
    if (OPERATORS.has(words.peek())) taken.push(words.next());
    taken.push(this.#valueWords());
    return all([...bases, condition(`${this.#named(selectors)} ${taken.join(" ")}`)]);
  }

  #named(selectors: readonly (Selector | string)[]): string {
    return selectors.map((each) => (typeof each === "string" ? each : nameOf(each, this.#text))).join(" . ");
  }

  /** The words of one value: a set with its braces, a list with commas, a sum of flags, a word. */
  #valueWords(): string {
    const words = this.#words;
    if (words.peek() === "{") {
      const taken: string[] = [];
      let depth = 0;
      do {
        const token = words.next();
        if (token === "{") depth += 1;
        if (token === "}") depth -= 1;
        taken.push(token);
      } while (depth > 0 && !words.done);
      return taken.join(" ");
    }
    const taken = [words.next()];
    while (/^[,|./]$/.test(words.peek())) taken.push(words.next(), words.next());
    if ((taken[0] ?? "").startsWith("("))
      while (!words.done && !(taken.at(-1) ?? "").endsWith(")")) taken.push(words.next());
    return taken.join(" ");
  }

  /** Elements of a value; undefined for a set whose elements come and go. */
  #elements(spelled: string): readonly string[] | undefined {
    if (spelled.startsWith("{")) return splitElements(spelled);
    if (!spelled.startsWith("@")) return spelled.split(" , ");
    const set = this.#context.sets.get(spelled.slice(1));
    if (set === undefined) throw new UnreadError(`no set ${spelled}`);
    return set.elements;
  }

  #flags(): Predicate {
    const words = this.#words;
    const tcp = only({ protocols: [{ lo: 6, hi: 6 }] });
    if (words.take("&")) {
      const mask = bitsOf(this.#valueWords());
      const operator = OPERATORS.has(words.peek()) ? words.next() : "==";
      const values = this.#flagValues();
      if (operator === "==") return all([tcp, only({ tcpFlags: values.map((value) => ({ mask, value })) })]);
      const holds = (bits: number) => !values.includes(bits & mask);
      return all([tcp, only({ tcpFlags: flagsWhere(holds) })]);
    }
    const operator = OPERATORS.has(words.peek()) ? words.next() : undefined;
    const spelled = this.#valueWords();
    const slash = spelled.indexOf(" / ");
    if (slash >= 0) {
      const [value, mask] = [bitsOf(spelled.slice(0, slash)), bitsOf(spelled.slice(slash + 3))];
      if (operator !== "!=") return all([tcp, only({ tcpFlags: [{ mask, value }] })]);
      const holds = (bits: number) => (bits & mask) !== value;
      return all([tcp, only({ tcpFlags: flagsWhere(holds) })]);
    }
    if (spelled.startsWith("{") || operator === "==" || spelled.includes("|")) {
      const values = splitElements(spelled).map(bitsOf);
      return all([
        tcp,
        only({ tcpFlags: flagsWhere((bits) => values.includes(bits) === (operator !== "!=")) }),
      ]);
    }
    const wanted = bitsOf(spelled);
    if (operator === "!=" && spelled.includes(",")) return all([tcp, condition(`tcp flags != ${spelled}`)]);
    const holds =
      operator === "!=" ? (bits: number) => bits !== wanted : (bits: number) => (bits & wanted) !== 0;
    return all([tcp, only({ tcpFlags: flagsWhere(holds) })]);
  }

  #flagValues(): number[] {
    return splitElements(this.#valueWords()).map(bitsOf);
  }

  #verdictMap(selectors: readonly (Selector | string)[]): ParsedRule {
    this.#words.next();
    const spelled = this.#valueWords();
    if (!this.#words.done && this.#words.peek() !== "comment")
      throw new UnreadError(`words behind a verdict map: ${this.#words.rest()}`);
    const elements = this.#elements(spelled);
    const modelled = selectors.filter((each) => typeof each !== "string");
    if (elements === undefined || modelled.length < selectors.length) {
      throw new UnreadError(`a verdict map that is not modelled: ${this.#text}`);
    }
    const base = all([...this.#parts, ...modelled.map((selector) => only(selector.base))]);
    const steps: Step[] = [];
    let otherwise: Step | undefined;
    for (const element of elements) {
      const [key = "", verdict = ""] = element.split(/ : /);
      const target = new RuleReader(verdict, new Words(verdict), this.#context).#verdict();
      const step = { predicate: all([base, this.#tuple(modelled, key)]), verdict: target };
      if (keyOf(key) === "*") otherwise = step;
      else steps.push(step);
    }
    return { steps: joinSteps(steps), warnings: this.#warnings, ...(otherwise ? { otherwise } : {}) };
  }
}

/** The key of an element, without its time, counter or comment. */
function keyOf(element: string): string {
  return element.replace(/ (?:comment|timeout|expires|counter|limit)\b.*$/, "").trim();
}

function nameOf(selector: Selector, text: string): string {
  const found = [...text.matchAll(/\b(?:[a-z0-9]+ )?[a-z0-9]+\b/g)]
    .map(([words]) => words)
    .find((words) => selectorOf(words) === selector);
  return found ?? "packet";
}

function bitsOf(text: string): number {
  let bits = 0;
  for (const word of text.split(/[\s,|(){}]+/)) {
    if (word === "") continue;
    const bit = BIT[word] ?? (/^(?:0x[0-9a-f]+|\d+)$/.test(word) ? Number(word) : undefined);
    if (bit === undefined) throw new UnreadError(`unknown flag: ${word}`);
    bits |= bit;
  }
  return bits;
}
