import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/** Tests against programs that only `npm run try-forge` gets; they are no part of `npm test`. */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    include: ["test/forge/real/**/*.forge.ts"],
    setupFiles: ["test/seed.ts"],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    maxWorkers: 1,
  },
});
