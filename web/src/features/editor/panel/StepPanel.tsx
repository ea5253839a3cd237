import { ActionIcon, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { MoreIcon } from "@/design/icons";
import { SectionIcon } from "../canvas/SectionIcon";
import { describeStep, titleOf } from "../describe/describe-step";
import { useStepTitle } from "../describe/use-step-title";
import { useUi } from "../editor-ui";
import { renameStep } from "../model/edits";
import { stepName } from "../model/names";
import { typeOf } from "../model/types";
import { useEditor, useEditorStore } from "../store/context";
import { StepForm } from "./forms/StepForm";
import { PanelHeader } from "./PanelHeader";
import classes from "./SidePanel.module.css";

/** The form of a step, under its title and its name. */
export function StepPanel({ actionId }: { actionId: string }) {
  const { t } = useTranslation("editor");
  const { catalog, show } = useUi();
  const store = useEditorStore();
  const step = useEditor((state) => state.tree.places.get(actionId)?.step);
  const name = useEditor((state) => stepName(state.document, actionId));
  const readOnly = useEditor((state) => state.readOnly);
  const { look } = useStepTitle();
  if (!step) return null;
  const type = typeOf(catalog, step.action);
  const { headline } = describeStep(step.action, type, look);
  const title = type ? titleOf(type, t) : t("card.foreign");
  return (
    <aside className={classes.panel} aria-label={t("panel.step", { number: step.number, title })}>
      <PanelHeader
        title={title}
        description={type ? t(`action.${type.name}.description`, { defaultValue: type.description }) : t("card.kept")}
        icon={<SectionIcon name={type?.name} section={type?.section} size={17} />}
        section={type?.section}
        actions={
          !readOnly && (
            <ActionIcon
              aria-label={t("card.menu", { number: step.number })}
              aria-haspopup="menu"
              onClick={(event) => {
                const box = event.currentTarget.getBoundingClientRect();
                show({ menu: { actionId, x: box.left, y: box.bottom } });
              }}
            >
              <MoreIcon size={18} />
            </ActionIcon>
          )
        }
      />
      <div className={classes.body} tabIndex={0} data-undo>
        <fieldset className={classes.fields} disabled={readOnly}>
        <TextInput
          label={t("card.name")}
          placeholder={headline}
          value={name}
          maxLength={120}
          onChange={(event) => {
            const { value } = event.currentTarget;
            store.getState().edit((document) => renameStep(document, actionId, value), { mergeKey: `${actionId}:name` });
          }}
        />
        <StepForm actionId={actionId} />
        </fieldset>
      </div>
    </aside>
  );
}
