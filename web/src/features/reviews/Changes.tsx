import { useTranslation } from "react-i18next";
import type { components } from "@/api/schema";
import { WarningIcon } from "@/design/icons";
import classes from "./reviews.module.css";

/** What of the record is not as it was when the model was asked. */
export function Changes({ changes }: { changes: readonly components["schemas"]["ReviewChange"][] }) {
  const { t } = useTranslation("reviews");
  return (
    <div className={classes.changes} role="note">
      <WarningIcon size={16} aria-hidden />
      <div>
        <strong>{t("changed.title")}</strong>
        <ul>
          {changes.map((change) => (
            <li key={change.name}>{t("changed.line", { property: change.label, before: change.before || t("nothing"), now: change.now || t("nothing") })}</li>
          ))}
        </ul>
        {t("changed.text")}
      </div>
    </div>
  );
}
