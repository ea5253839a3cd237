import { useTranslation } from "react-i18next";
import { TriggerIcon } from "@/design/icons";
import { useEditor } from "../store/context";
import { TriggerForm } from "./forms/TriggerForm";
import { PanelHeader } from "./PanelHeader";
import classes from "./SidePanel.module.css";

/** When records enroll. */
export function TriggerPanel() {
  const { t } = useTranslation("editor");
  const readOnly = useEditor((state) => state.readOnly);
  return (
    <aside className={classes.panel} aria-label={t("card.trigger")}>
      <PanelHeader title={t("card.trigger")} description={t("trigger.description")} icon={<TriggerIcon size={17} aria-hidden />} />
      <div className={classes.body} tabIndex={0} data-undo>
        <fieldset className={classes.fields} disabled={readOnly}>
        <TriggerForm />
        </fieldset>
      </div>
    </aside>
  );
}
