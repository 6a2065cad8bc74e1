import { request } from "$shared/api/client";

/** What was found after the server fell: orders and deliveries counted again in the log. */
export interface FallView {
  orders: number;
  deliveries: number;
  facts: number;
  lost: number;
  doubled: number;
  away_s: number;
  was_killed: boolean;
}

export interface DemoView {
  label: string;
  /** A code of what is being done, and how far it is from 0 to 1. */
  phase: string;
  progress: number;
  speed: number;
  has_plan: boolean;
  is_running: boolean;
  visited_route_id: string | null;
  /** How often the server fell and came back, and what was found the last time. */
  falls: number;
  last_fall: FallView | null;
}

export interface VisitorLinks {
  driver_url: string;
  /** A second link, for a phone of this network; null where none can reach this machine. */
  phone_url: string | null;
  qr_svg: string | null;
  tracking_url: string | null;
  route_code: string;
  speed: number;
}

/** Addresses that exist only while the demo runs. */
export const demoServer = {
  state: () => request<DemoView>("get", "/v1/demo"),
  setSpeed: (speed: number) => request<DemoView>("post", "/v1/demo/clock", { body: { speed } }),
  visit: () => request<VisitorLinks>("post", "/v1/demo/visit"),
  restart: () => request<DemoView>("post", "/v1/demo/restart"),
};
