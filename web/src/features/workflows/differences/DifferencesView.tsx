import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { connectedAppsQuery } from "@/features/settings/connected-apps/queries";
import type { FlowWords } from "../words";
import classes from "./Differences.module.css";
import { FieldChangeView } from "./FieldChangeView";
import type { Words } from "./readable";
import { StepChangeView } from "./StepChangeView";
import type { Differences } from "./types";

interface Props {
  differences: Differences;
  words: FlowWords;
  /** Steps begin folded, each with its line; for places where many stand together. */
  folded?: boolean;
}

/** What differs between two documents of a workflow: settings and trigger first, then step by step. */
export function DifferencesView({ differences, words, folded = false }: Props) {
  const { t } = useTranslation("workflows");
  const { data: apps } = useQuery(connectedAppsQuery);
  const { lookup } = words;
  const reading = useMemo<Words>(() => ({ lookup, connection: (id) => apps?.find((app) => app.id === id)?.name ?? t("differences.lostConnection", { id }) }), [lookup, apps, t]);
  const { steps, settings } = differences;

  return (
    <ul className={classes.changes} aria-label={t("differences.label")}>
      {settings.length > 0 && (
        <li className={classes.change}>
          <div className={classes.head}>
            <span className={classes.title}>{t("settings")}</span>
          </div>
          <div className={classes.fields}>
            {settings.map((field) => (
              <FieldChangeView key={field.path} label={t(`field.${field.path}`, { defaultValue: field.path })} field={field} words={reading} />
            ))}
          </div>
        </li>
      )}
      {steps.map((step) => (
        <StepChangeView key={`${step.actionId} ${step.actionTypeId} ${step.change}`} step={step} words={words} reading={reading} folded={folded} />
      ))}
    </ul>
  );
}
