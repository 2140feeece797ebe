import { existsSync } from "node:fs";

/** Whether this code runs as source (a clone) or as JavaScript (the published package, in bundles). */
const AS_SOURCE = import.meta.url.endsWith(".ts");

/** The package's own folder: the nearest one above this code that holds bin/sitewright.js, wherever a bundle put it. */
const PACKAGE = folderAbove(import.meta.url);

/** A file of the package that is no code: `package.json`, `templates/`, `bin/sitewright.js`. */
export function packageFile(path: string): URL {
  return new URL(path, PACKAGE);
}

/** A file that lies beside the code, below src/ in a clone and dist/ in the package: `inventory/schema/site.json`. */
export function besideCode(path: string): URL {
  return new URL(`${AS_SOURCE ? "src" : "dist"}/${path}`, PACKAGE);
}

/** A module that another process starts: source or JavaScript, as this very file is.
 *  @param path - without the ending: `deploy/host` */
export function codeFile(path: string): URL {
  return besideCode(`${path}${AS_SOURCE ? ".ts" : ".js"}`);
}

function folderAbove(start: string): URL {
  let folder = new URL("./", start);
  while (!existsSync(new URL("bin/sitewright.js", folder))) {
    const parent = new URL("../", folder);
    if (parent.href === folder.href) throw new Error(`no package above ${start}`);
    folder = parent;
  }
  return folder;
}
