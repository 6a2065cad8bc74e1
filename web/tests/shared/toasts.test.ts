import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { showToast, toasts } from "$shared/ui/toasts.svelte";

const texts = () => toasts.map((toast) => toast.text);

beforeEach(() => {
  vi.useFakeTimers();
  toasts.splice(0);
});

afterEach(() => {
  vi.useRealTimers();
});

test("a failure stays until something else is said after there was time to read it", () => {
  showToast("No se pudo mover", "fail");
  showToast("Copiado");
  expect(texts()).toEqual(["No se pudo mover", "Copiado"]);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["No se pudo mover"]);
  showToast("R-07 movida");
  expect(texts()).toEqual(["R-07 movida"]);
});

test("a newer word on the same topic takes the place of the one before", () => {
  showToast("lunes: ausente.", "ok", undefined, "roster");
  showToast("Copiado");
  showToast("martes: libre.", "ok", undefined, "roster");
  expect(texts()).toEqual(["Copiado", "martes: libre."]);
});
