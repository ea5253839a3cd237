import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "@/api/json";
import { TriggerIcon } from "@/design/icons";
import { describeTrigger } from "../describe/describe-trigger";
import { useCanvas } from "./canvas-context";
import { CardBody, CardPills } from "./CardBody";
import type { CardDecoration } from "./decoration";
import classes from "./StepCard.module.css";

interface Props {
  criteria: JsonObject | null | undefined;
  selected: boolean;
  decoration: CardDecoration | undefined;
}

/** When records enroll: the card on top. */
export const TriggerCard = memo(function TriggerCard({ criteria, selected, decoration }: Props) {
  const { t } = useTranslation("editor");
  const { look, onSelect } = useCanvas();
  const { headline, detail } = describeTrigger(criteria, look);
  return (
    <div className={classes.card} data-step="trigger" data-selected={selected || undefined}>
      <button
        type="button"
        className={classes.main}
        aria-label={t("card.triggerLabel", { headline, problem: decoration?.badge?.label ?? "none", context: decoration?.badge ? "problem" : undefined })}
        aria-current={selected || undefined}
        onClick={(event) => onSelect("trigger", event.detail === 0)}
      />
      <CardBody icon={<TriggerIcon size={17} aria-hidden />} section="Trigger" kicker={t("card.trigger")} headline={headline} detail={detail} />
      <CardPills decoration={decoration} />
    </div>
  );
});
