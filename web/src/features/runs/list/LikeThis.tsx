import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { LinkButton } from "@/ui/LinkButton";
import { OperationDialog, type Offer } from "./OperationDialog";
import type { RunsSearch } from "./search";
import classes from "./Toolbar.module.css";

/** Where the list holds one kind of runs that stand still: the same deed for all of them, also those not loaded; or what lets them go on. */
export function LikeThis({ flowId, search, shown }: { flowId: string; search: RunsSearch; shown: number }) {
  const { t } = useTranslation("runs");
  const { may } = useSession();
  const [offer, setOffer] = useState<Offer | null>(null);
  const [state, ...others] = search.status ?? [];
  const dated = search.from !== undefined || search.to !== undefined;
  if (others.length > 0 || shown === 0) return null;
  if (state === "AWAITING_TURN") {
    return (
      <div className={classes.like}>
        <span>{t("like.AWAITING_TURN")}</span>
        <LinkButton to="/settings/connected-apps" size="compact-sm" variant="default">
          {t("like.openApps")}
        </LinkButton>
      </div>
    );
  }
  if ((state !== "FAILED" && state !== "PAUSED" && state !== "AT_CAP") || dated || !may("runs.operate")) return null;
  const kind = { flowId, standing: state, ...(search.action ? { actionId: search.action } : {}), ...(search.code ? { errorCode: search.code } : {}) };
  return (
    <div className={classes.like}>
      <span>{t(`like.${state}`)}</span>
      {state === "AT_CAP" && (
        <LinkButton to="/workflows/$flowId/settings" params={{ flowId }} size="compact-sm" variant="default">
          {t("like.openCaps")}
        </LinkButton>
      )}
      {state === "FAILED" && (
        <Button size="compact-sm" variant="default" onClick={() => setOffer({ ...kind, operation: "retry" })}>
          {t("operation.retry.action")}
        </Button>
      )}
      {search.action && (
        <Button size="compact-sm" variant="default" onClick={() => setOffer({ ...kind, operation: "skip" })}>
          {t("operation.skip.action")}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => setOffer({ ...kind, operation: "cancel" })}>
        {t("operation.cancel.action")}
      </Button>
      {offer && <OperationDialog offer={offer} onClose={() => setOffer(null)} />}
    </div>
  );
}
