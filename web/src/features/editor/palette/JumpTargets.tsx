import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { BackIcon } from "@/design/icons";
import { SectionIcon } from "../canvas/SectionIcon";
import card from "../canvas/StepCard.module.css";
import { useStepTitle } from "../describe/use-step-title";
import { useUi } from "../editor-ui";
import { type Exit, exitAction } from "../model/edges";
import { typeOf } from "../model/types";
import { useEditor } from "../store/context";
import classes from "./Palette.module.css";

/** The steps that a record can go on at, for *Go to action*. */
export function JumpTargets({ exit, onBack }: { exit: Exit; onBack: () => void }) {
  const { t } = useTranslation("editor");
  const { catalog, deeds } = useUi();
  const { titleOf } = useStepTitle();
  const steps = useEditor((state) => state.tree.steps);
  return (
    <div className={classes.palette}>
      <Button variant="subtle" color="gray" leftSection={<BackIcon size={14} />} onClick={onBack} className={classes.back} autoFocus>
        {t("palette.back")}
      </Button>
      <p className={classes.section} id="jump-targets">
        {t("palette.jumpTo")}
      </p>
      <ul className={classes.targets} aria-labelledby="jump-targets">
        {steps
          .filter((step) => step.id !== exitAction(exit))
          .map((step) => {
            const type = typeOf(catalog, step.action);
            return (
              <li key={step.id}>
                <button type="button" className={classes.entry} onClick={() => deeds.jump(exit, step.id)}>
                  <span className={card.tile} data-section={type?.section}>
                    <SectionIcon name={type?.name} section={type?.section} size={17} />
                  </span>
                  <span className={classes.title}>{titleOf(step)}</span>
                </button>
              </li>
            );
          })}
      </ul>
    </div>
  );
}
