import i18next from "i18next";

export type Words = Record<string, unknown>;

/* Namespaces whose code was loaded before the catalogue was started. */
const waiting: [language: string, namespace: string, words: Words][] = [];

/** Adds a namespace to the catalogue. The build calls it for every namespace that a module names (web/words.ts). */
export function register(language: string, namespace: string, words: Words): void {
  if (i18next.isInitialized) i18next.addResourceBundle(language, namespace, words, true, true);
  else waiting.push([language, namespace, words]);
}

/** Adds what was registered before the start. */
export function registerWaiting(): void {
  for (const [language, namespace, words] of waiting.splice(0)) {
    i18next.addResourceBundle(language, namespace, words, true, true);
  }
}
