import { useTranslation } from "react-i18next";
import { ErrorIcon, WarningIcon } from "@/design/icons";
import { LinkButton } from "@/ui/LinkButton";
import classes from "./panel.module.css";

interface Props {
  error: Record<string, unknown>;
  tone: "error" | "warning";
  /** The connection that a paused run waits for. */
  connectionId?: string | null;
  /** The spending cap that a run waits for. */
  capId?: string | null;
  /** What became of the record, in place of what somebody has to do. */
  then?: string;
}

/** Why a run or a step stands still: what happened, and what to do about it. */
export function Cause({ error, tone, connectionId = null, capId = null, then }: Props) {
  const { t } = useTranslation("runs");
  const code = String(error.code ?? "");
  const Icon = tone === "error" ? ErrorIcon : WarningIcon;
  return (
    <div className={classes.cause} data-tone={tone} role="group" aria-label={t("cause")}>
      <Icon size={18} aria-hidden />
      <div className={classes.causeWords}>
        <strong>{t(`attention:cause.${code}.title`, { defaultValue: t("cause") })}</strong>
        <p>{String(error.message ?? "")}</p>
        {then !== undefined ? <p className={classes.remedy}>{then}</p> : typeof error.remedy === "string" && error.remedy !== "" && <p className={classes.remedy}>{error.remedy}</p>}
        {connectionId !== null && (
          <LinkButton to="/settings/connected-apps" variant="default" size="compact-sm" mt={6}>
            {t("openConnectedApps")}
          </LinkButton>
        )}
        {capId !== null && (
          <LinkButton to="/spend" search={{ cap: capId }} variant="default" size="compact-sm" mt={6}>
            {t("openCap")}
          </LinkButton>
        )}
      </div>
    </div>
  );
}
