import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/helpers/seed.ts"],
    // Most tests wait for a git or a keywarden that they started, so one file for each processor is not too many.
    maxWorkers: "100%",
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
