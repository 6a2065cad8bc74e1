import { readDecimal, writeDecimal } from "../format/decimal";

/** A number field under somebody's hands: what is typed stands as typed until the field is left.
 *
 * Rewritten at each key, 1.200 became 1,2 on its way: 1.2 says as much as 1,2 until the last zeros come.
 */
export class DecimalTyping {
  #typed = $state<string>();
  #read: number | null = null;
  /** Whether what stands there is no number that may be kept. */
  isBad = $state(false);

  /** The number of what was typed, null when it is empty, and nothing when it cannot be kept. */
  take(typed: string, min: number): number | null | undefined {
    const read = typed.trim() === "" ? null : readDecimal(typed);
    this.#typed = typed;
    this.isBad = read === undefined || (read !== null && read < min);
    this.#read = read ?? null;
    return this.isBad ? undefined : read;
  }

  /** The field was left: a number is written anew, what is none stays to be corrected. */
  settle(): void {
    if (!this.isBad) this.#typed = undefined;
  }

  /** What the field shows for a value; one that its form has changed since shows anew. */
  shown(value: number | null): string {
    const isTyped = this.isBad || this.#read === value;
    return (isTyped ? this.#typed : undefined) ?? writeDecimal(value);
  }
}
