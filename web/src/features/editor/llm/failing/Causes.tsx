import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import classes from "../llm.module.css";
import { CAUSES, chosenClasses, withCause } from "./causes";

interface Props {
  value: Json | undefined;
  onChange: (next: string[]) => void;
  error: string | undefined;
  disabled: boolean;
}

/** The causes on which the next model is asked; all others are failures of the step at once, or after its attempts. */
export function Causes({ value, onChange, error, disabled }: Props) {
  const { t } = useTranslation("forms");
  const chosen = chosenClasses(value);
  return (
    <div className={classes.setting} data-field="fallback_on" role="group" aria-label={t("failing.causes")}>
      <div className={classes.settingHead}>
        <span>{t("failing.causes")}</span>
      </div>
      {CAUSES.map(({ name, causes }) => (
        <div key={name} className={classes.causes}>
          <div className={classes.reason}>{t(`failing.causesOf.${name}`)}</div>
          {causes.map((cause) => {
            const standing = cause.classes.filter((one) => chosen.includes(one)).length;
            return (
              <Checkbox
                key={cause.name}
                size="xs"
                label={t(`failing.cause.${cause.name}`)}
                checked={standing === cause.classes.length}
                indeterminate={standing > 0 && standing < cause.classes.length}
                onChange={(event) => onChange(withCause(chosen, cause, event.currentTarget.checked))}
                disabled={disabled}
              />
            );
          })}
        </div>
      ))}
      {error && <div className={classes.failed}>{error}</div>}
    </div>
  );
}
