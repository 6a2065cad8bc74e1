import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  resolve: { alias: { $shared: resolve(import.meta.dirname, "shared") }, conditions: ["browser"] },
  // Shared machines are slow in bursts: a slow test is not a failing one.
  test: { include: ["tests/**/*.test.ts"], environment: "node", setupFiles: ["tests/spanish.ts"], testTimeout: 30_000 },
});
