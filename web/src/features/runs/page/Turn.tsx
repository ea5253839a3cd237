import { useTranslation } from "react-i18next";
import { DelayIcon } from "@/design/icons";
import { LinkButton } from "@/ui/LinkButton";
import classes from "./panel.module.css";

interface Props {
  connectionId: string;
  connection: string;
  model: string;
}

/** Says that a run waits for its turn at a model: nothing is wrong, and nothing has to be done. */
export function Turn({ connectionId, connection, model }: Props) {
  const { t } = useTranslation("runs");
  return (
    <div className={classes.cause} data-tone="neutral" role="group" aria-label={t("turn.title")}>
      <DelayIcon size={18} aria-hidden />
      <div className={classes.causeWords}>
        <strong>{t("turn.waits", { connection, model })}</strong>
        <p>{t("turn.explain")}</p>
        <LinkButton to="/settings/connected-apps" search={{ limits: connectionId }} variant="default" size="compact-sm" mt={6}>
          {t("turn.open")}
        </LinkButton>
      </div>
    </div>
  );
}
