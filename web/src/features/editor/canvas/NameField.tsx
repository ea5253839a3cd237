import { useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./StepCard.module.css";

interface Props {
  name: string;
  placeholder: string;
  onSave: (name: string) => void;
  onDone: () => void;
}

/** The name of a step, written on its card. Enter and leaving keep it, Escape does not. */
export function NameField({ name, placeholder, onSave, onDone }: Props) {
  const { t } = useTranslation("editor");
  const given = useRef(false);
  return (
    <input
      className={classes.nameField}
      aria-label={t("card.name")}
      defaultValue={name}
      placeholder={placeholder}
      maxLength={120}
      ref={(input) => {
        if (!input || given.current) return;
        given.current = true;
        input.focus({ preventScroll: true });
        input.select();
      }}
      onBlur={(event) => {
        const typed = event.currentTarget.value.trim();
        if (typed !== name) onSave(typed);
        onDone();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Escape") event.currentTarget.value = name;
        if (event.key === "Escape" || event.key === "Enter") event.currentTarget.blur();
      }}
    />
  );
}
