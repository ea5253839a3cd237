import { memo, useDeferredValue } from "react";
import { useTranslation } from "react-i18next";
import { Palette } from "../palette/Palette";
import { useEditor } from "../store/context";
import { PanelHeader } from "./PanelHeader";
import classes from "./SidePanel.module.css";
import { StepPanel } from "./StepPanel";
import { TriggerPanel } from "./TriggerPanel";

/** The one place at the side: a step's form, the enrollment trigger, or the palette. */
export const SidePanel = memo(function SidePanel() {
  const { t } = useTranslation("editor");
  const selected = useEditor((state) => state.selection);
  // The card answers at once and its form a frame later; the palette takes what is typed, so it does not wait.
  const later = useDeferredValue(selected);
  const selection = selected?.kind === "step" ? later : selected;
  if (selection === null) return null;
  if (selection.kind === "palette") {
    return (
      <aside className={classes.panel} aria-label={t("palette.title")}>
        <PanelHeader title={t("palette.title")} />
        <Palette key={selection.exit} exit={selection.exit} />
      </aside>
    );
  }
  return selection.kind === "trigger" ? <TriggerPanel /> : <StepPanel key={selection.actionId} actionId={selection.actionId} />;
});
