/** Lower case and without accents, so that "nunez" finds Núñez. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
}
