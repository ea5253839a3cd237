import { Title, UnstyledButton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { chooseLanguage, LANGUAGES, type Language } from "@/i18n";
import classes from "./SignInFrame.module.css";

interface Props {
  title: string;
  /** One or two sentences under the title. */
  text?: ReactNode;
  children?: ReactNode;
}

/** The calm card in the middle of every screen that one sees before being signed in. */
export function SignInFrame({ title, text, children }: Props) {
  const { t, i18n } = useTranslation("sign-in");
  useDocumentTitle(`${title} · Penstock`);
  const other: Language = i18n.language === "da" ? "en" : "da";
  return (
    <div className={classes.screen}>
      <main className={classes.card}>
        <p className={classes.product}>
          <img src="/favicon.svg" alt="" width={24} height={24} />
          Penstock
        </p>
        <Title order={1} className={classes.title}>
          {title}
        </Title>
        {text && <div className={classes.text}>{text}</div>}
        {children}
      </main>
      <footer className={classes.footer}>
        <UnstyledButton lang={other} className={classes.language} onClick={() => void chooseLanguage(other)} aria-label={t("language", { name: LANGUAGES[other] })}>
          {LANGUAGES[other]}
        </UnstyledButton>
      </footer>
    </div>
  );
}
