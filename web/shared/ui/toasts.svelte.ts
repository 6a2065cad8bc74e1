import type { Meaning } from "./meanings";

export interface Toast {
  id: number;
  text: string;
  meaning: Meaning;
  /** One thing the person may want next: to take it back, mostly. */
  action?: ToastAction;
  /** What it is about: a newer one of the same takes its place. */
  topic?: string;
  /** A failure that was there long enough to be read. */
  isRead?: boolean;
}

export interface ToastAction {
  label: string;
  run: () => void;
}

const SHOWN_MS = 6000;
/** Time enough to read, doubt and take it back. */
const SHOWN_WITH_ACTION_MS = 15000;
const SHOWN_MAX = 3;

let nextId = 1;
export const toasts = $state<Toast[]>([]);

export function dismissToast(id: number): void {
  const index = toasts.findIndex((toast) => toast.id === id);
  if (index >= 0) toasts.splice(index, 1);
}

/** Says a sentence at the bottom of the screen.
 *
 * Failures stay until the person closes them, or does something else once there was time to read. */
export function showToast(text: string, meaning: Meaning = "ok", action?: ToastAction, topic?: string): void {
  const id = nextId++;
  for (const old of toasts.filter((toast) => toast.isRead || (topic !== undefined && toast.topic === topic))) dismissToast(old.id);
  toasts.push({ id, text, meaning, ...(action && { action }), ...(topic && { topic }) });
  if (toasts.length > SHOWN_MAX) toasts.shift();
  if (meaning === "fail") setTimeout(() => markRead(id), SHOWN_MS);
  else setTimeout(() => dismissToast(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
}

function markRead(id: number): void {
  const toast = toasts.find((each) => each.id === id);
  if (toast) toast.isRead = true;
}
