import i18next, { type i18n } from "i18next";
import { initReactI18next } from "react-i18next";

/** A file a feature in each language: `en/runs.json` is the namespace `runs`. English is part of the first load. */
const english = import.meta.glob<Record<string, unknown>>("./en/*.json", { eager: true, import: "default" });

export const LANGUAGES = { en: "English", da: "Dansk" } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = "penstock-language";

export function namespaceOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -".json".length);
}

function add(instance: i18n, language: Language, files: Record<string, Record<string, unknown>>): void {
  for (const [path, words] of Object.entries(files)) {
    instance.addResourceBundle(language, namespaceOf(path), words, true, true);
  }
}

function preferred(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === "en" || stored === "da") return stored;
  return navigator.language.toLowerCase().startsWith("da") ? "da" : "en";
}

/** Starts the catalogue in the language last chosen, else the browser's when we have it, else English. */
export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    defaultNS: "common",
    interpolation: { escapeValue: false }, // React escapes
    resources: {},
    returnNull: false,
  });
  add(i18next, "en", english);
  await chooseLanguage(preferred(), { store: false });
}

/** Switches the language of all screens; Danish is loaded when it is first wanted. */
export async function chooseLanguage(language: Language, options: { store: boolean } = { store: true }): Promise<void> {
  if (language === "da" && !i18next.hasResourceBundle("da", "common")) {
    add(i18next, "da", (await import("./da")).words);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  if (options.store) localStorage.setItem(STORED, language);
}
