import { SegmentedControl, Text, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Language, LANGUAGES } from "@/i18n";
import { Section } from "@/ui/Section";
import classes from "./account.module.css";
import { useLanguage } from "./queries";

const SCHEMES = ["light", "dark", "auto"] as const;
const CODES = Object.keys(LANGUAGES) as Language[];

/** Language, kept with the account, and colours, kept in this browser. */
export function Appearance() {
  const { t } = useTranslation("account");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { language, choose } = useLanguage();
  return (
    <Section title={t("appearance.title")} description={t("appearance.text")}>
      <div className={classes.row}>
        <Text size="sm" fw={500} id="account-language">
          {t("appearance.language")}
        </Text>
        <SegmentedControl
          aria-labelledby="account-language"
          value={language}
          onChange={(value) => choose(CODES.find((code) => code === value) ?? "en")}
          data={CODES.map((value) => ({ value, label: <span lang={value}>{LANGUAGES[value]}</span> }))}
        />
      </div>
      <div className={classes.row}>
        <Text size="sm" fw={500} id="account-colours">
          {t("appearance.colours")}
        </Text>
        <SegmentedControl
          aria-labelledby="account-colours"
          value={colorScheme}
          onChange={(value) => setColorScheme(SCHEMES.find((scheme) => scheme === value) ?? "auto")}
          data={SCHEMES.map((value) => ({ value, label: t(`appearance.${value}`) }))}
        />
      </div>
    </Section>
  );
}
