import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  resolve: { alias: { $shared: resolve(import.meta.dirname, "shared") }, conditions: ["browser"] },
  test: {
    // Shared machines are slow in bursts: a slow test is not a failing one.
    testTimeout: 30_000, include: ["tests/**/*.test.ts"], environment: "node" },
});
