import type { Dialect } from "../dialect.ts";
import { BRACES } from "./braces.ts";
import type { Form } from "./form.ts";
import { MENUS } from "./menus.ts";
import { SECTIONS } from "./sections.ts";

/** The form of a dialect; undefined where blocks are indented. */
export function formOf(dialect: Dialect): Form | undefined {
  switch (dialect.layout) {
    case "indent":
      return undefined;
    case "braces":
      return BRACES;
    case "sections":
      return SECTIONS;
    case "menus":
      return MENUS;
  }
}
