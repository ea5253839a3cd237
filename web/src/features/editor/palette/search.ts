/** Finding actions by what people call them, and remembering which they use. */
import type { ActionType } from "../model/types";

/** The sections in the order of the palette. */
const SECTIONS = ["AI", "CRM", "Communication", "Delay", "Branch", "Data ops", "Workflow"];

const RECENT = "penstock-recent-actions";
const MOST_RECENT = 3;

/** The words of an entry in the language of the screens. */
export interface Entry {
  type: ActionType;
  title: string;
  description: string;
  /** Other words for it, not shown: "GPT", "AI", "wait". */
  synonyms: string;
}

/** The entries that hold every word typed: first those whose title begins with it, then by title, then the rest. */
export function matching(entries: readonly Entry[], typed: string): Entry[] {
  const sought = typed.trim().toLowerCase();
  const words = sought.split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...entries];
  const rank = ({ title, synonyms, description }: Entry): number => {
    const named = title.toLowerCase();
    if (named.startsWith(sought)) return 0;
    if (words.every((word) => named.includes(word))) return 1;
    if (words.every((word) => `${named} ${synonyms.toLowerCase()}`.includes(word))) return 2;
    return words.every((word) => `${named} ${synonyms} ${description}`.toLowerCase().includes(word)) ? 3 : 4;
  };
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((one) => one.rank < 4)
    .sort((one, other) => one.rank - other.rank)
    .map(({ entry }) => entry);
}

/** The entries by section, in the sections' order; unknown sections come last. */
export function bySection(entries: readonly Entry[]): { section: string; entries: Entry[] }[] {
  const place = (section: string) => (SECTIONS.includes(section) ? SECTIONS.indexOf(section) : SECTIONS.length);
  const sections = [...new Set(entries.map(({ type }) => type.section))].sort((one, other) => place(one) - place(other));
  return sections.map((section) => ({ section, entries: entries.filter(({ type }) => type.section === section) }));
}

/** Notes that an action was added. */
export function remember(type: ActionType): void {
  localStorage.setItem(RECENT, JSON.stringify([type.name, ...recentNames().filter((name) => name !== type.name)].slice(0, MOST_RECENT)));
}

export function recentlyUsed(entries: readonly Entry[]): Entry[] {
  return recentNames().flatMap((name) => entries.find(({ type }) => type.name === name) ?? []);
}

function recentNames(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(stored) ? stored.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}
