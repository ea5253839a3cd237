import { expect, test } from "vitest";

type Words = { [key: string]: string | Words };

const english = import.meta.glob<Words>("./en/*.json", { eager: true, import: "default" });
const danish = import.meta.glob<Words>("./da/*.json", { eager: true, import: "default" });
const sources = import.meta.glob<string>(["../**/*.{ts,tsx}", "!../**/*.test.*"], { eager: true, query: "?raw", import: "default" });

function flat(words: Words, before = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === "string") found.set(before + key, value);
    else for (const [inner, text] of flat(value, `${before}${key}.`)) found.set(inner, text);
  }
  return found;
}

function catalogue(files: Record<string, Words>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [path, words] of Object.entries(files)) {
    const namespace = path.slice(path.lastIndexOf("/") + 1, -".json".length);
    for (const [key, text] of flat(words)) found.set(`${namespace}:${key}`, text);
  }
  return found;
}

const places = (text: string) => [...text.matchAll(/\{\{\s*([\w.]+)/g)].map((match) => match[1]).sort();
const PLURAL = /_(zero|one|two|few|many|other)$/;

test("Danish has every key of English and no other", () => {
  expect([...catalogue(danish).keys()].sort()).toEqual([...catalogue(english).keys()].sort());
});

test("a text has the same places for values in both languages", () => {
  const other = catalogue(danish);
  const different = [...catalogue(english)].filter(([key, text]) => String(places(text)) !== String(places(other.get(key) ?? text)));
  expect(different).toEqual([]);
});

test("no text is empty", () => {
  const all = [...catalogue(english), ...catalogue(danish)];
  expect(all.filter(([, text]) => text.trim() === "")).toEqual([]);
});

test("every key that a source names as a literal is in the catalogue", () => {
  const known = new Set<string>();
  for (const key of catalogue(english).keys()) known.add(key).add(key.replace(PLURAL, ""));
  const missing: string[] = [];
  for (const [path, source] of Object.entries(sources)) {
    // A file that names one namespace in useTranslation may leave it out of its keys.
    const namespace = /useTranslation\(\[?"([\w-]+)"/.exec(source)?.[1] ?? "ui";
    for (const match of source.matchAll(/\bt\(\s*"([^"]+)"/g)) {
      const key = match[1] ?? "";
      if (!known.has(key.includes(":") ? key : `${namespace}:${key}`)) missing.push(`${path}: ${key}`);
    }
  }
  expect(missing).toEqual([]);
});
