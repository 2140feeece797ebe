import fc from "fast-check";

/** The seed of every generated case. A pull request is judged by the same cases each time, or a branch would fail for a
 *  fault that it did not bring; `npm run fuzz` (`SITEWRIGHT_SEED=random`) looks for new ones, and prints what it found. */
const FIXED = 20_261_122;

const asked = process.env.SITEWRIGHT_SEED;
if (asked !== "random") fc.configureGlobal({ seed: asked === undefined ? FIXED : Number(asked) });
