import { useTranslation } from "react-i18next";

/** What an action is called, such as `token.created`; one that this build has no words for is shown as it is stored. */
export function useDeeds(): (action: string) => string {
  const { t } = useTranslation("audit");
  return (action) => t(`did.${action}`, { defaultValue: action });
}

/** What a kind of thing is called. */
export function useThings(): (type: string) => string {
  const { t } = useTranslation("audit");
  return (type) => t(`thing.${type}`, { defaultValue: type });
}
