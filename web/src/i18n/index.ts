import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import ui from "./en/ui.json";
import { register, registerWaiting, type Words } from "./register";

/* A file a feature in each language: `en/runs.json` is the namespace `runs`. It arrives with the code that names it. */
register("en", "ui", ui);

export const LANGUAGES = { en: "English", da: "Dansk" } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = "penstock-language";

export function namespaceOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1, -".json".length);
}

function add(language: Language, files: Record<string, Words>): void {
  for (const [path, words] of Object.entries(files)) register(language, namespaceOf(path), words);
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
    defaultNS: "ui",
    interpolation: { escapeValue: false }, // React escapes
    resources: {},
    returnNull: false,
  });
  registerWaiting();
  await chooseLanguage(preferred(), { store: false });
}

/** Switches the language of all screens; Danish is loaded when it is first wanted. */
export async function chooseLanguage(language: Language, options: { store: boolean } = { store: true }): Promise<void> {
  if (language === "da" && !i18next.hasResourceBundle("da", "ui")) {
    add("da", (await import("./da")).words);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  if (options.store) localStorage.setItem(STORED, language);
}
