import { useTranslation } from "react-i18next";
import { useTokenScope } from "../../prompt/token-scope";
import classes from "./forms.module.css";
import { mailPage } from "./mail-page";
import { segmentsOf, useStepPreview } from "./previews";
import { RecordPicker } from "./RecordPicker";
import { useRecordFields } from "./record-fields";

/** The e-mail of a step as its readers get it, for the sample record. */
export function MailPreview({ actionId }: { actionId: string }) {
  const { t } = useTranslation("forms");
  const scope = useTokenScope();
  const { objectType } = useRecordFields();
  const { preview } = useStepPreview(actionId);
  const missing = (token: string) => t("preview.missing", { token: scope.find(token)?.label ?? token });
  const subject = segmentsOf(preview, "subject").map((segment) => (segment.missing ? missing(segment.token ?? "") : segment.text));
  return (
    <section className={classes.box} aria-label={t("mail.preview")}>
      <RecordPicker objectType={objectType} label={t("preview.record")} />
      <p className={classes.subject}>{subject.join("") || t("mail.noSubject")}</p>
      <iframe className={classes.frame} title={t("mail.body")} sandbox="" srcDoc={mailPage(segmentsOf(preview, "body"), missing)} />
    </section>
  );
}
