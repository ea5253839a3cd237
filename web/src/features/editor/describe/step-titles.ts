/** What steps are called where others name them: `1. Classify`. */
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { stepName } from "../model/names";
import type { Tree } from "../model/tree";
import { type ActionType, type FlowDocument, typeOf } from "../model/types";
import { titleOf } from "./describe-step";

type Titles = ReadonlyMap<string, string>;

interface Made {
  tree: Tree;
  catalog: readonly ActionType[];
  language: string;
  titles: Titles;
}

/* Every field that offers outputs asks for all titles, and each needs two look-ups of words that take 50 µs: they are
   made once for a document, and once for a number and a name. */
const made = new WeakMap<FlowDocument, Made>();
const numbered = new Map<string, string>();
let latest: Titles = new Map();

/** Its number and its name, or its type's title, for every step. The map is the same while they are. */
export function useStepTitles(document: FlowDocument, tree: Tree, catalog: readonly ActionType[]): Titles {
  const { t, i18n } = useTranslation("editor");
  const { language } = i18n;
  const kept = made.get(document);
  if (kept?.tree === tree && kept.catalog === catalog && kept.language === language) return kept.titles;
  const titles = unlessSame(read(document, tree, catalog, t, language));
  made.set(document, { tree, catalog, language, titles });
  return titles;
}

function read(document: FlowDocument, tree: Tree, catalog: readonly ActionType[], t: TFunction, language: string): Titles {
  const ofTypes = new Map<ActionType, string>();
  const ofType = (type: ActionType) => {
    const title = ofTypes.get(type) ?? titleOf(type, t);
    ofTypes.set(type, title);
    return title;
  };
  return new Map(
    tree.steps.map(({ id, number, action }) => {
      const type = typeOf(catalog, action);
      const title = stepName(document, id) || (type ? ofType(type) : action.type);
      const key = `${language} ${number} ${title}`;
      const words = numbered.get(key) ?? t("editor:card.numbered", { number, title });
      numbered.set(key, words);
      return [id, words];
    }),
  );
}

function unlessSame(titles: Titles): Titles {
  if (titles.size !== latest.size || [...titles].some(([id, title]) => latest.get(id) !== title)) latest = titles;
  return latest;
}
