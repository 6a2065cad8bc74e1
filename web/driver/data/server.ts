import { request, send } from "$shared/api/client";
import type { EventResult, PairingView, PhoneEvent, PhoneFix } from "./views";

const ROUTE_URL = "/v1/driver/route";

/** One function a request, nothing else. */
export const server = {
  signIn: (token: string) => request<{ driver: { name: string | null } }>("post", "/v1/driver/session", { body: { token } }),
  // Never the browser's own memory: it asks with the ETag by itself, and gives back what it kept with the hour of then.
  readRoute: (etag?: string) => send("get", ROUTE_URL, { headers: etag ? { "if-none-match": etag } : {}, cache: "no-store" }),
  sendEvents: (events: PhoneEvent[]) => request<{ results: EventResult[] }>("post", "/v1/driver/events", { body: { events } }),
  sendFixes: (fixes: PhoneFix[]) => request<{ accepted: number }>("post", "/v1/driver/positions", { body: { fixes } }),
  sendPicture: (id: string, form: FormData) => request<{ id: string }>("put", "/v1/driver/evidence/{id}", { path: { id }, body: form }),
  pair: () => request<PairingView>("post", "/v1/driver/pairing"),
};
