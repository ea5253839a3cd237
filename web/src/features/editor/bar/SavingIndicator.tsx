import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { WarningIcon } from "@/design/icons";
import { useEditor } from "../store/context";
import classes from "./EditorBar.module.css";

/** How the draft on the server stands, said also to screen readers. */
export function SavingIndicator({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation("editor");
  const saving = useEditor((state) => state.saving);
  const failed = saving.state === "offline" || saving.state === "refused";
  const message = failed ? saving.message : "";
  return (
    <span className={classes.saving} data-tone={saving.state === "refused" ? "error" : failed ? "warning" : undefined}>
      <span role="status" title={message || undefined} className={classes.saving} data-tone={saving.state === "refused" ? "error" : failed ? "warning" : undefined}>
        {failed && <WarningIcon size={14} aria-hidden />}
        {t(`saving.${saving.state === "waiting" ? "saving" : saving.state}`)}
      </span>
      {failed && (
        <Button variant="subtle" size="compact-xs" onClick={onRetry}>
          {t("ui:action.retry")}
        </Button>
      )}
    </span>
  );
}
