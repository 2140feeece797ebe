import { defineConfig } from "vitest/config";

/** Tests mirror src/; those that need real daemons live under test/real and say why when they cannot run. */
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/seed.ts"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
