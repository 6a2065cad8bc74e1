import { send } from "./client";
import { ApiError } from "./problem";

/** Whether this is a demo, and whether it hands a simulated page to who opens one without a link. */
export type Door = "none" | "open" | "closed";
export type DoorAnswer = { url: string } | "wait" | "failed";

export async function findDoor(): Promise<Door> {
  try {
    const { is_open } = (await (await send("get", "/v1/demo/door")).json()) as { is_open: boolean };
    return is_open ? "open" : "closed";
  } catch {
    return "none";
  }
}

/** A link to a page of the simulated day; "wait" while the day is not under way. */
export async function askDoor(face: "driver" | "recipient"): Promise<DoorAnswer> {
  try {
    return (await (await send("post", `/v1/demo/door/${face}`)).json()) as { url: string };
  } catch (error) {
    return error instanceof ApiError && error.status === 409 ? "wait" : "failed";
  }
}
