import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type FormWords, plainWords } from "@/ui/schema-form/widget";

/** `queryParams[0].value` -> `queryParams.value`: all entries of a list have the same words. */
const place = (path: string) => path.replace(/\[\d+\]/g, "");

/** The words of an action's form: the catalogue's, or where it has none those of the action's own schema. */
export function useFormWords(action: string): Partial<FormWords> {
  const { t, i18n } = useTranslation("forms");
  const language = i18n.language;
  return useMemo(() => {
    const word = (path: string, part: string) => (i18n.exists(`forms:action.${action}.${place(path)}.${part}`) ? i18n.t(`forms:action.${action}.${place(path)}.${part}`) : undefined);
    return {
      label: (field, path) => word(path, "label") ?? field.title,
      description: (field, path) => word(path, "description") ?? field.description,
      choice: (_field, choice) => (i18n.exists(`forms:choice.${choice}`) ? i18n.t(`forms:choice.${choice}`) : plainWords(choice)),
    };
    // The language is what these words follow; `t` stands for the catalogue being there.
  }, [action, i18n, language, t]);
}
