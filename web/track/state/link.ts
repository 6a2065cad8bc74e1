/** The secret of the link: /seguimiento/{token}; nothing when the address has none. */
export function readToken(path: string): string | undefined {
  const found = /^\/seguimiento\/([\w-]{10,100})\/?$/.exec(path);
  return found?.[1];
}
