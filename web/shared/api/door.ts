import { send } from "./client";
import { ApiError } from "./problem";

/** Whether this is a demo, and whether it hands a simulated page to who opens one without a link. */
export type Door = "none" | "open" | "closed";
export interface DoorSeen {
  door: Door;
  /** What the simulated day is doing: links are handed out while it is "running". */
  phase: string;
}
export type DoorAnswer = { url: string } | "wait" | "failed";

const LOOK_MS = 3_000;
const SETTLED = new Set(["running", "over"]);

export async function findDoor(): Promise<DoorSeen> {
  try {
    const { is_open, phase } = (await (await send("get", "/v1/demo/door")).json()) as { is_open: boolean; phase: string };
    return { door: is_open ? "open" : "closed", phase };
  } catch {
    return { door: "none", phase: "" };
  }
}

/** Tells what the door is, again and again until its day is under way; returns how to stop. */
export function watchDoor(tell: (seen: DoorSeen) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isGone = false;
  async function look(): Promise<void> {
    const seen = await findDoor();
    if (isGone) return;
    tell(seen);
    if (seen.door === "open" && !SETTLED.has(seen.phase)) timer = setTimeout(() => void look(), LOOK_MS);
  }
  void look();
  return () => {
    isGone = true;
    clearTimeout(timer);
  };
}

/** A link to a page of the simulated day; "wait" while no van is under way. */
export async function askDoor(face: "driver" | "recipient"): Promise<DoorAnswer> {
  try {
    return (await (await send("post", `/v1/demo/door/${face}`)).json()) as { url: string };
  } catch (error) {
    return error instanceof ApiError && error.status === 409 ? "wait" : "failed";
  }
}
