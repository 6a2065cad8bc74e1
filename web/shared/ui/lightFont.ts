import url from "./archivo-es-en.woff2?url";

/** Archivo cut to Spanish, English and the weights in use, 14 kB (scripts/font.py): for pages that must open on a slow network. */
export function addLightFont(): void {
  const font = new FontFace("Archivo Variable", `url("${url}") format("woff2-variations")`, { weight: "430 640", display: "swap" });
  document.fonts.add(font);
  void font.load().catch(() => undefined);
}
