import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";
import type { FileWhere } from "../model/finding.ts";
import type { Rendered } from "./driver.ts";

/** What a template is filled with: plain data. An optional line is a list of none or one, so that templates need no
 *  decision: they know `each` and nothing else. Objects with an `origin` give their lines a provenance. */
export type TemplateView = { readonly [key: string]: unknown };

/** Marks that tell, inside rendered text, from where to where an origin counts; no text of a user may hold them. */
const OPEN = "\u0001";
const NAMED = "\u0002";
const CLOSE = "\u0003";

/** Works from the sources (src/drivers) and from the build (dist/drivers): both lie two below the package. */
const TEMPLATES = new URL("../../templates/", import.meta.url);

const compiled = new Map<string, (view: TemplateView) => string>();

/** Fills `templates/<platform>/<name>.hbs` and tells for each line which place of the YAML it comes from.
 *  @throws Error where the template names something that the view does not hold: a bug of ours */
export function fillTemplate(
  platform: string,
  name: string,
  view: TemplateView,
): Pick<Rendered, "config" | "provenance"> {
  refuseControls(view, name);
  return splitMarks(templateOf(platform, name)(view));
}

function templateOf(platform: string, name: string): (view: TemplateView) => string {
  const key = `${platform}/${name}`;
  const known = compiled.get(key);
  if (known) return known;
  const folder = fileURLToPath(new URL(`${platform}/`, TEMPLATES));
  const sources = readdirSync(folder)
    .filter((file) => file.endsWith(".hbs"))
    .map((file) => [file.slice(0, -".hbs".length), readFileSync(`${folder}${file}`, "utf8")] as const);
  const source = sources.find(([file]) => file === name)?.[1];
  if (source === undefined) throw new Error(`no template ${key}.hbs`);
  const made = compileTemplate(source, Object.fromEntries(sources));
  compiled.set(key, made);
  return made;
}

/** Compiles a template in which a name that the view lacks is an error, also inside `each`, and in which no helper
 *  but `each` exists.
 *  @param partials - templates that it may take in with `{{> name}}` */
export function compileTemplate(
  source: string,
  partials: Readonly<Record<string, string>> = {},
): (view: TemplateView) => string {
  const handlebars = Handlebars.create();
  for (const helper of Object.keys(handlebars.helpers)) handlebars.unregisterHelper(helper);
  handlebars.registerHelper("each", eachWithOrigin);
  for (const [name, text] of Object.entries(partials)) handlebars.registerPartial(name, text);
  return handlebars.compile<TemplateView>(source, {
    strict: true,
    noEscape: true,
    knownHelpersOnly: true,
    knownHelpers: { each: true, if: false, unless: false, with: false, lookup: false, log: false },
    preventIndent: true,
  });
}

function eachWithOrigin(this: unknown, list: unknown, options: Handlebars.HelperOptions): string {
  if (!Array.isArray(list))
    throw new Error("a template goes through something that the view does not hold as a list");
  return list.map((item: unknown) => marked(item, options.fn(item))).join("");
}

function marked(item: unknown, text: string): string {
  const origin = originOf(item);
  return origin === undefined ? text : `${OPEN}${origin.file}:${origin.line}${NAMED}${text}${CLOSE}`;
}

function originOf(item: unknown): FileWhere | undefined {
  if (typeof item !== "object" || item === null || !("origin" in item)) return undefined;
  return item.origin as FileWhere | undefined;
}

/** Text with control characters would become lines of its own on the device. */
function refuseControls(value: unknown, path: string): void {
  if (typeof value === "string") {
    if (/\p{Cc}/u.test(value)) throw new Error(`${path} holds a control character`);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) refuseControls(inner, `${path}.${key}`);
}

function splitMarks(text: string): Pick<Rendered, "config" | "provenance"> {
  const stack: string[] = [];
  const lines: string[] = [];
  const provenance: (string | undefined)[] = [];
  for (const raw of text.replace(/\n+(?=\u0003*$)/, "").split("\n")) {
    const { line, origin } = readMarks(raw, stack);
    // A line that holds nothing but marks is none.
    if (line === "" && raw !== "") continue;
    lines.push(line);
    provenance.push(origin);
  }
  return { config: `${lines.join("\n")}\n`, provenance };
}

/** Takes the marks off a line, following them; the line belongs to the innermost origin at its first character. */
function readMarks(raw: string, stack: string[]): { line: string; origin: string | undefined } {
  let line = "";
  let origin: string | undefined;
  for (const part of raw.split(/(\u0001[^\u0002]*\u0002|\u0003)/)) {
    if (part === CLOSE) stack.pop();
    else if (part.startsWith(OPEN)) stack.push(part.slice(1, -1));
    else if (part !== "") {
      if (line === "") origin = stack.at(-1);
      line += part;
    }
  }
  return { line, origin };
}
