import { request } from "$shared/api/client";
import type { EventResult, PairingView, PhoneEvent, PhoneFix } from "./views";

export const ROUTE_URL = "/v1/driver/route";

/** One function a request, nothing else. */
export const server = {
  signIn: (token: string) => request<{ driver: { name: string | null } }>("post", "/v1/driver/session", { body: { token } }),
  sendEvents: (events: PhoneEvent[]) => request<{ results: EventResult[] }>("post", "/v1/driver/events", { body: { events } }),
  sendFixes: (fixes: PhoneFix[]) => request<{ accepted: number }>("post", "/v1/driver/positions", { body: { fixes } }),
  sendPicture: (id: string, form: FormData) => request<{ id: string }>("put", "/v1/driver/evidence/{id}", { path: { id }, body: form }),
  pair: () => request<PairingView>("post", "/v1/driver/pairing"),
};
