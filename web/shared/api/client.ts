import { OfflineError, readProblem } from "./problem";

/** Requests to our own server. The session travels in a same-origin, same-site cookie. */
export interface RequestOptions {
  /** Values for the {holes} of the path. */
  path?: Record<string, string | number>;
  query?: object;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  /** "no-store" where the browser's own memory must not answer in the server's place. */
  cache?: RequestCache;
}

/** Puts values into the {holes} of a path and appends the query; empty values are left out. */
export function buildUrl(path: string, values: object = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)(:\w+)?\}/g, (_hole, name: string) =>
    encodeURIComponent(String((values as Record<string, unknown>)[name])),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const items: unknown[] = Array.isArray(value) ? value : [value];
    for (const item of items) if (item !== undefined && item !== null && item !== "") search.append(name, String(item));
  }
  const text = search.toString();
  return text ? `${filled}?${text}` : filled;
}

/** Sends one request and reads its answer; raises ApiError or OfflineError. */
export async function send(method: string, url: string, options: Omit<RequestOptions, "path" | "query"> = {}): Promise<Response> {
  const isForm = options.body instanceof FormData || options.body instanceof Blob;
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  if (options.body !== undefined && !isForm) headers["content-type"] = "application/json";
  const body = options.body === undefined ? null : isForm ? (options.body as BodyInit) : JSON.stringify(options.body);
  let response: Response;
  try {
    response = await fetch(url, { method: method.toUpperCase(), headers, body, credentials: "same-origin", signal: options.signal ?? null, ...(options.cache && { cache: options.cache }) });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new OfflineError("no answer from the server", { cause: error });
  }
  if (!response.ok && response.status !== 304) throw await readProblem(response);
  return response;
}

/** Sends a request and returns the decoded answer; nothing when the answer has no body. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await send(method, buildUrl(path, options.path, options.query), options);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
