/** One word or argument of a command pattern, as a small regular grammar. */
export type Piece =
  | { readonly kind: "word"; readonly word: string }
  | {
      readonly kind: "arg";
      readonly name: string;
      readonly type: string;
      readonly choices?: readonly string[];
    }
  | { readonly kind: "seq"; readonly parts: readonly Piece[] }
  | { readonly kind: "any"; readonly parts: readonly Piece[] }
  | { readonly kind: "opt"; readonly part: Piece };

/** Reads a command pattern: `ip address <ip:ipv4> <mask:mask> [secondary]`, `{a|b c}`, `<dir:in|out>`.
 *  `<name>` alone has the type `word`; a type with bars is a choice of keywords.
 *  @throws Error where the pattern itself is malformed: a bug of the table */
export function parsePattern(text: string): Piece {
  const tokens = text.match(/<[^>]+>|[[\]{}|]|[^\s[\]{}|<>]+/g) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new Error(`bad command pattern: ${text}`);
  };
  const readSeq = (stops: string): Piece => {
    const parts: Piece[] = [];
    while (at < tokens.length && !stops.includes(tokens[at] ?? "")) parts.push(readOne());
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: "seq", parts };
  };
  const readGroup = (close: string): Piece => {
    const parts = [readSeq(`|${close}`)];
    while (tokens[at] === "|") {
      at += 1;
      parts.push(readSeq(`|${close}`));
    }
    if (tokens[at] !== close) fail();
    at += 1;
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : { kind: "any", parts };
  };
  const readOne = (): Piece => {
    const token = tokens[at] ?? fail();
    at += 1;
    if (token === "[") return { kind: "opt", part: readGroup("]") };
    if (token === "{") return readGroup("}");
    if (token.startsWith("<")) return readArg(token.slice(1, -1));
    if (/^[\]}|]$/.test(token)) fail();
    return { kind: "word", word: token };
  };
  const piece = readSeq("");
  if (at !== tokens.length) fail();
  return piece;
}

function readArg(text: string): Piece {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  const type = colon < 0 ? "word" : text.slice(colon + 1);
  if (!type.includes("|")) return { kind: "arg", name, type };
  return { kind: "arg", name, type: "choice", choices: type.split("|") };
}

/** Derives what the negative form accepts: everything up to the last key argument is needed (without keys,
 *  up to the first argument), the rest may be left out.
 *  @param keys - names of the arguments that tell one instance from another */
export function negativePiece(piece: Piece, keys: readonly string[]): Piece {
  const parts = piece.kind === "seq" ? piece.parts : [piece];
  let needed = 0;
  for (const [index, part] of parts.entries()) {
    if (part.kind === "arg" && keys.includes(part.name)) needed = index + 1;
  }
  if (needed === 0) {
    const firstFree = parts.findIndex((part) => part.kind !== "word");
    needed = firstFree < 0 ? parts.length : firstFree;
  }
  let tail: Piece | undefined;
  for (const part of parts.slice(needed).reverse()) {
    const joined: Piece = tail === undefined ? part : { kind: "seq", parts: [part, tail] };
    tail = { kind: "opt", part: joined };
  }
  const head = parts.slice(0, needed);
  return { kind: "seq", parts: tail === undefined ? head : [...head, tail] };
}
