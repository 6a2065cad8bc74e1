export interface TextPart {
  text: string;
  href: string | null;
  /** Stands for the recipient's own link, whose secret nobody keeps. */
  isPersonal?: true;
}

/** What the server writes in place of a personal link; a test compares it with its texts. */
export const HIDDEN_LINKS = ["[enlace personal]", "[personal link]"];

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:)]/g;

/** Cuts a text where its web addresses begin and end; only http and https become links. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    if (found.index > from) parts.push({ text: text.slice(from, found.index), href: null });
    parts.push({ text: found[0], href: found[0] });
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts.flatMap((part) => (part.href ? [part] : splitHidden(part.text)));
}

function splitHidden(text: string): TextPart[] {
  return text.split(/(\[enlace personal\]|\[personal link\])/).filter(Boolean)
    .map((piece) => (HIDDEN_LINKS.includes(piece) ? { text: piece, href: null, isPersonal: true } : { text: piece, href: null }));
}
