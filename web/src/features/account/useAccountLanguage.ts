import { useEffect } from "react";
import { useSession } from "@/api/session";
import { chooseLanguage } from "@/i18n";

/** Puts the screens into the language that goes with the account, also in a browser that it is new to. */
export function useAccountLanguage(): void {
  const { user } = useSession();
  const language = user?.language;
  useEffect(() => {
    if (language) void chooseLanguage(language);
  }, [language]);
}
