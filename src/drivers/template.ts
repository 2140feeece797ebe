import type { FileWhere } from "../model/finding.ts";
import type { Rendered } from "./driver.ts";
import { type EachOptions, type Template, type TemplateView, templatesOf } from "./template-library.ts";

/** Marks that tell, inside rendered text, from where to where an origin counts; no text of a user may hold them. */
const OPEN = "\u0001";
const NAMED = "\u0002";
const CLOSE = "\u0003";

/** The templates of each platform met so far, by name. */
const platforms = new Map<string, ReadonlyMap<string, Template>>();

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

function templateOf(platform: string, name: string): Template {
  const templates = platforms.get(platform) ?? templatesOf(platform, eachWithOrigin);
  platforms.set(platform, templates);
  const template = templates.get(name);
  if (template === undefined) throw new Error(`no template ${platform}/${name}.hbs`);
  return template;
}

/** `each`, the one helper that templates have: the lines of an item that has an origin belong to it. */
export function eachWithOrigin(this: unknown, list: unknown, options: EachOptions): string {
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
