/** Single-key shortcuts. They sleep while a person types or a dialog is open. */
type Handler = () => void;

const handlers = new Map<string, Handler[]>();

/** The keys of the screens in their order: 1 to 9, 0, and the apostrophe beside it on a Spanish keyboard. */
export function keyOf(screen: number): string {
  return "1234567890'"[screen] ?? "";
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export function pressKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  // Enter on a button or a row presses that button or row.
  if (event.key === "Enter" && event.target !== document.body) return;
  const handler = handlers.get(event.key.toLowerCase())?.at(-1);
  if (!handler) return;
  event.preventDefault();
  handler();
}

/** Binds keys while a component lives; the newest binding of a key wins. Returns the function that unbinds. */
export function bindKeys(bindings: Record<string, Handler>): () => void {
  for (const [key, handler] of Object.entries(bindings)) handlers.set(key, [...(handlers.get(key) ?? []), handler]);
  return () => {
    for (const [key, handler] of Object.entries(bindings)) {
      handlers.set(key, (handlers.get(key) ?? []).filter((bound) => bound !== handler));
    }
  };
}
