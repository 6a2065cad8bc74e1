/** A reader types wherever the focus is. Away from the field its digits and letters would be shortcuts to other screens. */
const WRITABLE = /^(INPUT|TEXTAREA|SELECT)$/;

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">;

/** Whether this key belongs in the code's field, though the focus is elsewhere. A space still presses its button. */
export function isStrayScan(press: Press, focusedTag: string): boolean {
  if (press.ctrlKey || press.metaKey || press.altKey) return false;
  return press.key.length === 1 && press.key !== " " && !WRITABLE.test(focusedTag);
}
