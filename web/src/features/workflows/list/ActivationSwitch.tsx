import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { later } from "@/ui/later";
import { WithheldSwitch } from "@/ui/WithheldSwitch";
import type { FlowRow } from "../queries";

const TurnOffDialog = later(async () => (await import("./TurnOffDialog")).TurnOffDialog);
const TurnOnDialog = later(async () => (await import("./TurnOnDialog")).TurnOnDialog);

/** Turns a workflow on or off, after saying what that does. */
export function ActivationSwitch({ row, name }: { row: FlowRow; name: string }) {
  const { t } = useTranslation("workflows");
  const { may } = useSession();
  // What was asked for when the dialog opened; the row may change under it.
  const [asking, setAsking] = useState<"on" | "off">();
  const allowed = may("flows.publish");
  const close = () => setAsking(undefined);

  return (
    <>
      <WithheldSwitch
        because={!allowed && t("activation.refused")}
        checked={row.isEnabled}
        onChange={() => setAsking(row.isEnabled ? "off" : "on")}
        aria-label={t("activation.label", { name })}
      />
      {asking === "on" && <TurnOnDialog row={row} name={name} onClose={close} />}
      {asking === "off" && <TurnOffDialog row={row} name={name} onClose={close} />}
    </>
  );
}
