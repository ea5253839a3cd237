import { useTranslation } from "react-i18next";
import type { Template } from "../queries";

/** A template's title and description in the language of the screens; the server's own words for ones unknown here. */
export function useTemplateWords() {
  const { t } = useTranslation("workflows");
  return (template: Pick<Template, "name" | "title" | "description">) => ({
    title: t(`template.${template.name}.title`, { defaultValue: template.title }),
    description: t(`template.${template.name}.description`, { defaultValue: template.description }),
  });
}
