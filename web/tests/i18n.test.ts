import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const FACES = ["tower", "driver", "track"].filter((face) => existsSync(join(ROOT, face, "i18n")));
/** Calls whose key comes from the server: every text under the prefix may be asked for. */
const CODE_CALL = /\bt\.code\(\s*"([\w.]+)"/g;
const BUILT_KEY = /`([a-z_]+\.[\w.]*)\$\{/g;

function texts(face: string, language: string): Record<string, string> {
  const folder = join(ROOT, face, "i18n", language);
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const all: Record<string, string> = {};
  for (const file of files) {
    for (const [key, text] of Object.entries(JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, string>)) {
      if (key in all) throw new Error(`${face}: ${key} is in two files`);
      all[key] = text;
    }
  }
  return all;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(svelte|ts)$/.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));
}

const stemOf = (key: string): string => key.replace(/_(one|other)$/, "");
const holesOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "").sort();

describe.each(FACES)("texts of %s", (face) => {
  const es = texts(face, "es");
  const en = texts(face, "en");
  const code = sources(join(ROOT, face)).join("\n");
  const found = (pattern: RegExp): Set<string> => new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ""));
  const isWritten = (key: string): boolean => [`"${key}"`, `'${key}'`, `\`${key}\``].some((quoted) => code.includes(quoted));
  const prefixes = [...[...found(CODE_CALL)].map((prefix) => `${prefix}.`), ...found(BUILT_KEY)];

  it("has the same keys in both languages", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(es).sort());
  });

  it("has no empty text", () => {
    expect(Object.entries({ ...es, ...en }).filter(([, text]) => !text.trim())).toEqual([]);
  });

  it("fills the same holes in both languages", () => {
    expect(Object.keys(es).filter((key) => holesOf(es[key] ?? "").join() !== holesOf(en[key] ?? "").join())).toEqual([]);
  });

  it("has both forms of every plural", () => {
    const singulars = Object.keys(es).filter((key) => key.endsWith("_one"));
    expect(singulars.filter((key) => !(`${stemOf(key)}_other` in es))).toEqual([]);
  });

  it("uses every key", () => {
    const unused = Object.keys(es).filter((key) => !isWritten(key) && !isWritten(stemOf(key)) && !prefixes.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });

  it("asks for no key that is missing", () => {
    const asked = [...code.matchAll(/\bt(?:\.count)?\(\s*"([\w.]+)"/g)].map((match) => match[1] ?? "");
    expect(asked.filter((key) => !(key in es) && !(`${key}_one` in es))).toEqual([]);
  });
});
