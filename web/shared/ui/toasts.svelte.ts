import type { Meaning } from "./meanings";

export interface Toast {
  id: number;
  text: string;
  meaning: Meaning;
  /** One thing the person may want next: to take it back, mostly. */
  action?: ToastAction;
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

/** Says a sentence at the bottom of the screen; failures stay until the person closes them. */
export function showToast(text: string, meaning: Meaning = "ok", action?: ToastAction): void {
  const id = nextId++;
  toasts.push({ id, text, meaning, ...(action && { action }) });
  if (toasts.length > SHOWN_MAX) toasts.shift();
  if (meaning !== "fail") setTimeout(() => dismissToast(id), action ? SHOWN_WITH_ACTION_MS : SHOWN_MS);
}
