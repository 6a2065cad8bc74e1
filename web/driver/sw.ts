/** Keeps the driver's page on the phone: the shell, its pieces, and the map tiles already seen. */
const worker = globalThis as unknown as ServiceWorkerGlobalScope;

const SHELL = "promesa-shell";
const TILES = "promesa-tiles";
const PAGE = "/conductor/";
const LIST = "/conductor/shell.json";
const WAIT_MS = 3_000;
const TILES_MAX = 400;

/** Takes the pieces of the newest build, and drops those of older ones. */
async function refreshShell(): Promise<void> {
  const response = await fetch(LIST, { cache: "no-store" });
  if (!response.ok) return;
  const { files } = (await response.json()) as { files: string[] };
  const cache = await caches.open(SHELL);
  const kept = new Set((await cache.keys()).map((request) => new URL(request.url).pathname));
  await cache.addAll(files.filter((file) => !kept.has(file)));
  const wanted = new Set([...files, PAGE]);
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}

async function keepPage(): Promise<Response> {
  const response = await fetch(PAGE, { cache: "no-store" });
  if (response.ok) await (await caches.open(SHELL)).put(PAGE, response.clone());
  return response;
}

/** The page from the network while it answers quickly, else the one kept: the same build either way works alone. */
async function openPage(event: FetchEvent): Promise<Response> {
  const fresh = keepPage();
  event.waitUntil(fresh.then(refreshShell).catch(() => undefined));
  const late = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), WAIT_MS));
  const answer = await Promise.race([fresh.catch(() => undefined), late]);
  return answer ?? (await caches.match(PAGE)) ?? fresh;
}

async function openFile(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreSearch: true, ignoreVary: true })) ?? fetch(request);
}

/** A piece of the basemap is a byte range; the cache takes only whole answers, so it is kept as one and given back as a range. */
async function openTile(request: Request): Promise<Response> {
  const key = `${request.url}?range=${request.headers.get("range") ?? ""}`;
  const cache = await caches.open(TILES);
  const kept = await cache.match(key);
  if (kept) return asRange(kept);
  const response = await fetch(request);
  if (response.status === 206) {
    const headers = new Headers(response.headers);
    await cache.put(key, new Response(await response.clone().arrayBuffer(), { headers }));
    const keys = await cache.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - TILES_MAX))) await cache.delete(old);
  }
  return response;
}

async function asRange(kept: Response): Promise<Response> {
  return new Response(await kept.arrayBuffer(), { status: 206, headers: kept.headers });
}

worker.addEventListener("install", (event) => {
  event.waitUntil(keepPage().then(refreshShell).then(() => worker.skipWaiting()));
});
worker.addEventListener("activate", (event) => {
  event.waitUntil(worker.clients.claim());
});
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && url.pathname.startsWith(PAGE)) return event.respondWith(openPage(event));
  if (url.pathname.startsWith("/assets/") || url.pathname.startsWith(PAGE)) return event.respondWith(openFile(event.request));
  if (url.pathname === "/map/basemap.pmtiles" && event.request.headers.has("range")) event.respondWith(openTile(event.request));
});
