import type { Meaning } from "./meanings";

export interface Toast {
  id: number;
  text: string;
  meaning: Meaning;
}

const SHOWN_MS = 6000;
const SHOWN_MAX = 3;

let nextId = 1;
export const toasts = $state<Toast[]>([]);

export function dismissToast(id: number): void {
  const index = toasts.findIndex((toast) => toast.id === id);
  if (index >= 0) toasts.splice(index, 1);
}

/** Says a sentence at the bottom of the screen; failures stay until the person closes them. */
export function showToast(text: string, meaning: Meaning = "ok"): void {
  const id = nextId++;
  toasts.push({ id, text, meaning });
  if (toasts.length > SHOWN_MAX) toasts.shift();
  if (meaning !== "fail") setTimeout(() => dismissToast(id), SHOWN_MS);
}
