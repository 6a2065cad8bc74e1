/**
 * Scanners that act as a keyboard type a code without a pause and end it with Enter. A Bluetooth one
 * on a busy phone falters now and then: half a code read as a whole one would turn a parcel away.
 */
const GAP_MS_MAX = 500;
const LENGTH_MIN = 4;

/** Gathers keys into codes; after a pause they begin anew, so that a stray key is no part of one. */
export class ScannerKeys {
  private typed = "";
  private last_ms = -Infinity;

  /** The code that this key ends, if it ends one. */
  press(key: string, at_ms: number): string | undefined {
    const isQuick = at_ms - this.last_ms <= GAP_MS_MAX;
    this.last_ms = at_ms;
    if (key === "Enter") {
      const code = isQuick ? this.typed : "";
      this.typed = "";
      return code.length >= LENGTH_MIN ? code : undefined;
    }
    if (key.length === 1) this.typed = isQuick ? this.typed + key : key;
    return undefined;
  }
}

/** Listens on the whole page, but for fields somebody writes in; returns how to stop. */
export function listenForScanner(oncode: (code: string) => void): () => void {
  const keys = new ScannerKeys();
  const hear = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    const code = keys.press(event.key, event.timeStamp);
    if (code === undefined) return;
    // Enter would press whatever button has the focus.
    event.preventDefault();
    oncode(code);
  };
  addEventListener("keydown", hear);
  return () => removeEventListener("keydown", hear);
}
