import { request } from "$shared/api/client";
import type { TrackView } from "./views";

/** Requests of one delivery's page; the secret of the link is in the path, and is the only key. */
export function trackUrl(token: string): string {
  return `/v1/track/${encodeURIComponent(token)}`;
}

function post(token: string, action: string, body?: object): Promise<TrackView> {
  return request<TrackView>("post", `${trackUrl(token)}/${action}`, body ? { body } : {});
}

export const server = {
  instruct: (token: string, text: string) => post(token, "instructions", { text }),
  chooseSafePlace: (token: string, said: { receiver?: string; place?: string }) => post(token, "safe-place", said),
  correctAddress: (token: string, said: { address: string; unit?: string; reference?: string; position?: [number, number] }) => post(token, "address", said),
  reschedule: (token: string, date: string) => post(token, "reschedule", { date }),
  cancel: (token: string) => post(token, "cancel"),
  sendBack: (token: string) => post(token, "return"),
  declineMessages: (token: string, declined: string[]) => post(token, "messages", { declined }),
  rate: (token: string, score: number, comment?: string) => post(token, "rating", comment ? { score, comment } : { score }),
};
