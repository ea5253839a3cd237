import { Radio } from "@mantine/core";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { CheckboxesIcon, DateIcon, DelayIcon, LongTextIcon, NumberIcon, PhoneIcon, SelectIcon, TextIcon, TruthIcon } from "@/design/icons";
import { KINDS, type PropertyKind } from "./kinds";
import classes from "./KindCards.module.css";

const ICONS: Record<string, ComponentType<{ size?: number; "aria-hidden"?: boolean }>> = {
  text: TextIcon,
  longText: LongTextIcon,
  select: SelectIcon,
  checkboxes: CheckboxesIcon,
  number: NumberIcon,
  date: DateIcon,
  moment: DelayIcon,
  truth: TruthIcon,
  phone: PhoneIcon,
};

/** What a property can hold, as cards; the choice is final, since stored values depend on it. */
export function KindCards({ value, onChange }: { value: PropertyKind; onChange: (kind: PropertyKind) => void }) {
  const { t } = useTranslation("properties");
  return (
    <Radio.Group value={value.id} onChange={(id) => onChange(KINDS.find((kind) => kind.id === id) ?? value)} label={t("field.kind")} description={t("field.kindUse")}>
      <div className={classes.cards}>
        {KINDS.map((kind) => {
          const Icon = ICONS[kind.id];
          return (
            <Radio.Card key={kind.id} value={kind.id} className={classes.card} aria-label={t(`kind.${kind.id}.title`)}>
              {Icon && <Icon size={16} aria-hidden />}
              <span className={classes.title}>{t(`kind.${kind.id}.title`)}</span>
              <span className={classes.text}>{t(`kind.${kind.id}.text`)}</span>
            </Radio.Card>
          );
        })}
      </div>
    </Radio.Group>
  );
}
