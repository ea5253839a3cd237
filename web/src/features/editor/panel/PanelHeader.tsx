import { ActionIcon } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { CloseIcon } from "@/design/icons";
import card from "../canvas/StepCard.module.css";
import { focusStep } from "../canvas/reveal-step";
import { useUi } from "../editor-ui";
import { stepInFocus } from "../step-in-focus";
import { useEditorStore } from "../store/context";
import classes from "./SidePanel.module.css";

interface Props {
  title: string;
  description?: string;
  icon?: ReactNode;
  section?: string;
  /** Before the button that closes. */
  actions?: ReactNode;
}

export function PanelHeader({ title, description, icon, section, actions }: Props) {
  const { t } = useTranslation("editor");
  const { view } = useUi();
  const store = useEditorStore();
  const close = () => {
    const back = stepInFocus(store);
    store.getState().select(null);
    if (view && back) focusStep(view, back);
  };
  return (
    <header className={classes.header}>
      {icon && (
        <span className={card.tile} data-section={section}>
          {icon}
        </span>
      )}
      <div className={classes.titles}>
        <h2 className={classes.title}>{title}</h2>
        {description && <p className={classes.description}>{description}</p>}
      </div>
      {actions}
      <ActionIcon aria-label={t("panel.close")} onClick={close}>
        <CloseIcon size={18} />
      </ActionIcon>
    </header>
  );
}
