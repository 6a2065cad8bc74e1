import { request } from "$shared/api/client";

export interface DemoView {
  label: string;
  /** What is being done, and how far it is from 0 to 1. */
  phase: string;
  progress: number;
  speed: number;
  has_driver: boolean;
}

export interface VisitorLinks {
  driver_url: string;
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
