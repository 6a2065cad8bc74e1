import { request } from "$shared/api/client";
import type { Fate, Insertion, Page, Proposal, Replan, Risk, RouteSummary, RouteView, S, SessionView, TimeWindow } from "./views";
import type { MessageView, StoryView } from "./orderViews";

export type Decision = S["DecisionBody"]["decision"];

/** The day, its routes and its orders' stories. One function a request, nothing else. */
export const server = {
  session: () => request<SessionView>("get", "/v1/session"),
  signIn: (email: string, password: string) => request<SessionView>("post", "/v1/session", { body: { email, password } }),
  signOut: () => request<undefined>("delete", "/v1/session"),
  mapConfig: () => request<{ center: [number, number] }>("get", "/map/config.json"),

  promises: (query: { standing?: Fate; shape?: Risk; carried?: "route" | "nothing"; route_id?: string | undefined }) => request<S["PromiseRows"]>("get", "/v1/day/promises", { query }),

  routes: (date: string) => request<{ items: RouteSummary[] }>("get", "/v1/routes", { query: { date } }),
  route: (id: string) => request<RouteView>("get", "/v1/routes/{id}", { path: { id } }),
  breakDown: (id: string, note?: string) => request<unknown>("post", "/v1/routes/{id}/breakdown", { path: { id }, body: { note } }),
  repair: (id: string) => request<unknown>("post", "/v1/routes/{id}/repair", { path: { id } }),
  proposal: (id: string) => request<Proposal>("get", "/v1/routes/{id}/proposal", { path: { id } }),
  acceptProposal: (id: string, moves: (Pick<S["MoveBody"], "stop_id" | "to_route_id"> & Partial<S["MoveBody"]>)[]) =>
    request<unknown>("post", "/v1/routes/{id}/proposal/accept", { path: { id }, body: { moves } }),
  addReplan: (body: { date: string; stops_max: number; windows_max: number; route_id?: string | undefined; is_thorough: boolean }) => request<Replan>("post", "/v1/replans", { body }),
  replan: (search_id: string) => request<Replan>("get", "/v1/replans/{search_id}", { path: { search_id } }),
  cancelReplan: (search_id: string) => request<undefined>("delete", "/v1/replans/{search_id}", { path: { search_id } }),
  addInsertion: (order_id: string) => request<Insertion>("post", "/v1/insertions", { body: { order_id } }),
  insertion: (search_id: string) => request<Insertion>("get", "/v1/insertions/{search_id}", { path: { search_id } }),
  cancelInsertion: (search_id: string) => request<undefined>("delete", "/v1/insertions/{search_id}", { path: { search_id } }),
  acceptInsertion: (body: S["ChosenPlace"]) => request<unknown>("post", "/v1/insertions/accept", { body }),
  undoInsertion: (order_id: string) => request<unknown>("post", "/v1/insertions/undo", { body: { order_id } }),
  acceptChanges: (date: string, moves: S["MoveBody"][]) => request<unknown>("post", "/v1/replans/accept", { query: { date }, body: { moves } }),
  moveStop: (id: string, to_route_id: string) => request<unknown>("post", "/v1/stops/{id}/move", { path: { id }, body: { to_route_id } }),

  decide: (id: string, decision: Decision, cause?: string) => request<unknown>("post", "/v1/stops/{id}/decision", { path: { id }, body: { decision, cause } }),

  story: (id: string) => request<StoryView>("get", "/v1/orders/{id}/story", { path: { id } }),
  cancel: (id: string, cause: string) => request<unknown>("post", "/v1/orders/{id}/cancel", { path: { id }, body: { cause } }),
  giveBack: (id: string, cause: string) => request<unknown>("post", "/v1/orders/{id}/return", { path: { id }, body: { cause } }),
  reschedule: (id: string, date: string, window?: TimeWindow) =>
    request<unknown>("post", "/v1/orders/{id}/reschedule", { path: { id }, body: { date, window } }),
  trackingLink: (id: string) => request<{ url: string; expires_at: string }>("post", "/v1/orders/{id}/tracking-link", { path: { id } }),

  messages: (query: { channel?: string; order_id?: string; cursor?: string; limit?: number }) =>
    request<Page<MessageView>>("get", "/v1/messages", { query }),
};
