import { request } from "$shared/api/client";
import type { ApiKey, DayReport, Delivery, Merchant, MerchantBody, ReportRows, User, Webhook } from "./fleetViews";

const list = async <T>(path: string, values: Record<string, string> = {}): Promise<T[]> =>
  (await request<{ items: T[] }>("get", path, { path: values })).items;

/** Merchants, people with access, and the day's report. */
export const admin = {
  merchants: () => list<Merchant>("/v1/merchants"),
  addMerchant: (body: MerchantBody) => request<Merchant>("post", "/v1/merchants", { body }),
  changeMerchant: (id: string, body: MerchantBody) => request<Merchant>("put", "/v1/merchants/{id}", { path: { id }, body }),
  apiKeys: (id: string) => list<ApiKey>("/v1/merchants/{id}/api-keys", { id }),
  addApiKey: (id: string) => request<ApiKey>("post", "/v1/merchants/{id}/api-keys", { path: { id } }),
  removeApiKey: (id: string, key_id: string) =>
    request<undefined>("delete", "/v1/merchants/{id}/api-keys/{key_id}", { path: { id, key_id } }),

  webhooks: () => list<Webhook>("/v1/webhooks"),
  addWebhook: (body: { url: string; event_types: string[]; merchant_id?: string }) => request<Webhook>("post", "/v1/webhooks", { body }),
  removeWebhook: (id: string) => request<undefined>("delete", "/v1/webhooks/{id}", { path: { id } }),
  testWebhook: (id: string) => request<Delivery>("post", "/v1/webhooks/{id}/test", { path: { id } }),
  deliveries: (id: string) => list<Delivery>("/v1/webhooks/{id}/deliveries", { id }),

  erasePerson: (id: string) => request<undefined>("delete", "/v1/people/{id}", { path: { id } }),

  users: () => list<User>("/v1/users"),
  addUser: (body: { email: string; name: string; role: User["role"]; password: string }) => request<User>("post", "/v1/users", { body }),
  changeUser: (id: string, body: { role?: User["role"]; is_active?: boolean; password?: string }) =>
    request<User>("patch", "/v1/users/{id}", { path: { id }, body }),

  report: (date: string) => request<DayReport>("get", "/v1/reports/day", { query: { date } }),
  reportRows: (key: string, date: string) => request<ReportRows>("get", "/v1/reports/day/{key}/rows", { path: { key }, query: { date } }),
};
