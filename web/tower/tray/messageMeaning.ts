import type { Meaning } from "$shared/ui/meanings";

const MEANINGS: Record<string, Meaning> = { failed: "fail", queued: "ok", retrying: "risk", sent: "done" };

export function meaningOfMessage(state: string): Meaning {
  return MEANINGS[state] ?? "done";
}
