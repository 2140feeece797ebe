/** Where a slot of a template stands. */
export type SlotPlace = "text" | "attribute";

type State =
  | { readonly in: "text" }
  | { readonly in: "tag" }
  | { readonly in: "comment" }
  | { readonly in: "raw"; readonly until: RegExp }
  | { readonly in: "value"; readonly name: string; readonly written: string };

const TEXT: State = { in: "text" };
const TAG: State = { in: "tag" };
const ADDRESSES = new Set(["href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset"]);

const known = new WeakMap<TemplateStringsArray, readonly SlotPlace[]>();

/** Tells where each slot of a template stands; a template is looked at once.
 *  @throws Error where a slot stands where no escaping makes it safe, or the template ends inside a tag */
export function slotsOf(strings: TemplateStringsArray): readonly SlotPlace[] {
  const before = known.get(strings);
  if (before) return before;
  const places: SlotPlace[] = [];
  let state = TEXT;
  for (const [index, text] of strings.entries()) {
    state = walk(state, text);
    if (index === strings.length - 1) break;
    places.push(placeOf(state, text));
  }
  if (state.in !== "text") throw new Error(`a template ends in a ${state.in}: …${strings.at(-1)}`);
  known.set(strings, places);
  return places;
}

function placeOf(state: State, text: string): SlotPlace {
  const refuse = (what: string): never => {
    throw new Error(`a slot stands in ${what}: …${text.slice(-40)}`);
  };
  if (state.in === "text") return "text";
  if (state.in === "raw") return refuse("a script or style");
  if (state.in === "comment") return refuse("a comment");
  if (state.in === "tag") return refuse("a tag; quote it as an attribute");
  if (state.name.startsWith("on") || state.name === "style" || state.name === "srcdoc")
    return refuse(`the attribute ${state.name}`);
  if (ADDRESSES.has(state.name) && !/^(#|\.\/)/.test(state.written))
    return refuse("an address; write it out up to a # or a ./");
  return "attribute";
}

function walk(from: State, text: string): State {
  let state = from;
  let rest = text;
  while (rest !== "") [state, rest] = step(state, rest);
  return state;
}

/** Takes the next piece off the text. */
function step(state: State, text: string): [State, string] {
  if (state.in === "text") return stepText(text);
  if (state.in === "tag") return stepTag(text);
  if (state.in === "value") {
    const end = text.indexOf('"');
    if (end < 0) return [{ ...state, written: state.written + text }, ""];
    return [TAG, text.slice(end + 1)];
  }
  const end = state.in === "comment" ? /-->/ : state.until;
  const match = end.exec(text);
  return match === null ? [state, ""] : [TEXT, text.slice(match.index + match[0].length)];
}

function stepText(text: string): [State, string] {
  const open = text.search(/<[a-zA-Z/!]/);
  if (open < 0) {
    if (text.endsWith("<")) throw new Error(`a template leaves a < open: …${text.slice(-40)}`);
    return [TEXT, ""];
  }
  const rest = text.slice(open);
  if (rest.startsWith("<!--")) return [{ in: "comment" }, rest.slice(4)];
  const raw = /^<(script|style)\b[^>]*>/i.exec(rest);
  if (raw) return [{ in: "raw", until: new RegExp(`</${raw[1]}>`, "i") }, rest.slice(raw[0].length)];
  return [TAG, rest.replace(/^<[/!]?[a-zA-Z0-9:-]+/, "")];
}

function stepTag(text: string): [State, string] {
  const attribute = /^\s*([a-zA-Z][a-zA-Z0-9:_-]*)="/.exec(text);
  if (attribute)
    return [
      { in: "value", name: (attribute[1] ?? "").toLowerCase(), written: "" },
      text.slice(attribute[0].length),
    ];
  const end = /^\s*\/?>/.exec(text);
  if (end) return [TEXT, text.slice(end[0].length)];
  const bare = /^\s*[a-zA-Z][a-zA-Z0-9:_-]*(?=[\s/>])|^\s+$/.exec(text);
  if (bare) return [TAG, text.slice(bare[0].length)];
  throw new Error(`a template's attribute is not in double quotes: …${text.slice(0, 40)}`);
}
