import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const ROOT = import.meta.dirname;

/** Folder of each face, and the Spanish path under which people open it. */
const FACES = { tower: "torre", driver: "conductor", track: "seguimiento" } as const;

/** The driver's page works without signal: its worker must live under the path it serves. */
const DRIVER_WORKER = resolve(ROOT, "driver/sw.ts");
const API_TARGET = process.env["PROMESA_API"] ?? "http://127.0.0.1:8000";
const API_PATHS = ["/v1", "/map", "/schema", "/healthz", "/t"];

function inputs(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const face of Object.keys(FACES)) {
    const page = resolve(ROOT, face, "index.html");
    if (existsSync(page)) found[face] = page;
  }
  if (existsSync(DRIVER_WORKER)) found["driver-sw"] = DRIVER_WORKER;
  return found;
}

/** Writes tower/index.html as torre/index.html, and serves the same addresses while developing. */
function spanishPaths(): Plugin {
  return {
    name: "spanish-paths",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const item of Object.values(bundle)) {
        for (const [face, path] of Object.entries(FACES)) {
          if (item.fileName === `${face}/index.html`) item.fileName = `${path}/index.html`;
        }
      }
    },
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        for (const [face, path] of Object.entries(FACES)) {
          const isPage = request.url?.startsWith(`/${path}`) && request.headers.accept?.includes("text/html");
          if (isPage) request.url = `/${face}/index.html`;
        }
        next();
      });
    },
  };
}

export default defineConfig({
  root: ROOT,
  base: "/",
  plugins: [svelte(), spanishPaths()],
  resolve: { alias: { $shared: resolve(ROOT, "shared") } },
  build: {
    target: "es2022",
    outDir: resolve(ROOT, "../src/promesa/web"),
    emptyOutDir: true,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: inputs(),
      output: {
        entryFileNames: (chunk) => (chunk.name === "driver-sw" ? "conductor/sw.js" : "assets/[name]-[hash].js"),
      },
    },
  },
  server: { proxy: Object.fromEntries(API_PATHS.map((path) => [path, { target: API_TARGET }])) },
});
