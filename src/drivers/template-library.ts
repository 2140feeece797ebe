import { readdirSync, readFileSync } from "node:fs";
import Handlebars from "handlebars";
import { packageFile } from "../package-files.ts";

/** What a template is filled with: plain data. An optional line is a list of none or one, so that templates need no
 *  decision: they know `each` and nothing else. Objects with an `origin` give their lines a provenance. */
export type TemplateView = { readonly [key: string]: unknown };

/** A compiled template. */
export type Template = (view: TemplateView) => string;

/** What `each` gets beside its list: the lines between its marks, for one item. */
export interface EachOptions {
  readonly fn: (item: unknown) => string;
}

/** The one helper: goes through a list and joins what each item gives. */
export type Each = (list: unknown, options: EachOptions) => string;

/** Neither decisions nor escapes, and a name that the view lacks is an error, also inside `each`. */
export const COMPILE_OPTIONS = {
  strict: true,
  noEscape: true,
  knownHelpersOnly: true,
  knownHelpers: { each: true, if: false, unless: false, with: false, lookup: false, log: false },
  preventIndent: true,
};

/** Gives the templates of `templates/<platform>/` by name. The published package holds them compiled: scripts/build.ts
 *  puts a module of this shape in the place of this one, and the compiler stays at home. */
export function templatesOf(platform: string, each: Each): ReadonlyMap<string, Template> {
  return compileTemplates(readTemplates(platform), each);
}

/** Reads the sources of a platform's templates, by name. */
export function readTemplates(platform: string): ReadonlyMap<string, string> {
  const folder = packageFile(`templates/${platform}/`);
  const files = readdirSync(folder).filter((file) => file.endsWith(".hbs"));
  return new Map(
    files.map((file) => [file.slice(0, -".hbs".length), readFileSync(new URL(file, folder), "utf8")]),
  );
}

/** Compiles templates that may take each other in with `{{> name}}`, each at its first use. */
export function compileTemplates(
  sources: ReadonlyMap<string, string>,
  each: Each,
): ReadonlyMap<string, Template> {
  const handlebars = Handlebars.create();
  for (const helper of Object.keys(handlebars.helpers)) handlebars.unregisterHelper(helper);
  handlebars.registerHelper("each", each);
  const templates = new Map<string, Template>();
  for (const [name, source] of sources) {
    const template = handlebars.compile<TemplateView>(source, COMPILE_OPTIONS);
    // Registered as a template, not as text, so that it is compiled once whoever takes it in.
    handlebars.registerPartial(name, template);
    templates.set(name, template);
  }
  return templates;
}
