import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { MailServer } from "./MailServer";
import { Outbox } from "./Outbox";

/** Settings > E-mail: the mail server as the operator set it up, a test mail, and what became of every mail. */
export function EmailPage() {
  const { t } = useTranslation("mail");
  return (
    <Page title={t("title")} description={t("description")}>
      <MailServer />
      <Outbox />
    </Page>
  );
}
