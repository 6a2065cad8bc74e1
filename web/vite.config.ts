import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

const ROOT = import.meta.dirname;

/** Folder of each face, and the Spanish path under which people open it. */
const FACES = { tower: "torre", driver: "conductor", track: "seguimiento" } as const;

/** The driver's page works without signal: its worker must live under the path it serves. */
const DRIVER_WORKER = resolve(ROOT, "driver/sw.ts");
const API_TARGET = process.env["PROMESA_API"] ?? "http://127.0.0.1:8000";
const API_PATHS = ["/v1", "/map", "/schema", "/healthz", "/demo"];

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
          if (!request.url?.startsWith(`/${path}/`)) continue;
          const isPage = request.headers.accept?.includes("text/html");
          request.url = isPage ? `/${face}/index.html` : request.url.replace(`/${path}/`, `/${face}/`);
        }
        next();
      });
    },
  };
}

/** Lists the pieces of the driver's page, lazy ones too, so that its worker can keep them all. */
function driverShell(): Plugin {
  return {
    name: "driver-shell",
    enforce: "post",
    generateBundle(_options, bundle) {
      const files = new Set<string>();
      const take = (name: string): void => {
        if (files.has(name)) return;
        files.add(name);
        const chunk = bundle[name];
        if (chunk?.type !== "chunk") return;
        for (const piece of [...chunk.imports, ...chunk.dynamicImports]) take(piece);
        for (const piece of [...(chunk.viteMetadata?.importedCss ?? []), ...(chunk.viteMetadata?.importedAssets ?? [])]) files.add(piece);
      };
      for (const item of Object.values(bundle)) if (item.type === "chunk" && item.name === "driver") take(item.fileName);
      if (files.size === 0) return;
      for (const name of Object.keys(bundle)) if (/maplibre-gl-worker|archivo-latin-standard-normal/.test(name)) files.add(name);
      const list = [...[...files].sort().map((name) => `/${name}`), "/conductor/manifest.webmanifest", "/conductor/icon-192.png"];
      this.emitFile({ type: "asset", fileName: "conductor/shell.json", source: JSON.stringify({ files: list }) });
    },
  };
}

/** What is smaller packed lies packed beside it, as tightly as it goes: the server has no time for that. */
function packed(): Plugin {
  return {
    name: "packed",
    // Only what is written is final: other plugins still change the pieces while the bundle is made.
    writeBundle(options, bundle) {
      for (const name of Object.keys(bundle).filter((file) => /^assets\/.*\.(m?js|css|svg)$/.test(file))) {
        const path = resolve(options.dir ?? ROOT, name);
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
      }
    },
  };
}

export default defineConfig({
  root: ROOT,
  base: "/",
  plugins: [svelte(), spanishPaths(), driverShell(), packed()],
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
