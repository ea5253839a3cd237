import { Switch, Tooltip } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import type { FlowRow } from "../queries";
import { TurnOffDialog } from "./TurnOffDialog";
import { TurnOnDialog } from "./TurnOnDialog";

/** Turns a workflow on or off, after saying what that does. */
export function ActivationSwitch({ row, name }: { row: FlowRow; name: string }) {
  const { t } = useTranslation("workflows");
  const { may } = useSession();
  const [asking, setAsking] = useState(false);
  const allowed = may("flows.publish");
  const close = () => setAsking(false);
  const Dialog = row.isEnabled ? TurnOffDialog : TurnOnDialog;

  return (
    <>
      <Tooltip label={t("activation.refused")} disabled={allowed} multiline w={240}>
        <div>
          <Switch checked={row.isEnabled} disabled={!allowed} onChange={() => setAsking(true)} aria-label={t("activation.label", { name })} />
        </div>
      </Tooltip>
      {asking && <Dialog row={row} name={name} onClose={close} />}
    </>
  );
}
