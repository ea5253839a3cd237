import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { UndoDialog } from "./UndoDialog";

/** The way to take back everything that the run wrote with this value. */
export function UndoRun({ runId }: { runId: string }) {
  const { t } = useTranslation("undo");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="subtle" size="compact-xs" mt={4} onClick={() => setOpen(true)}>
        {t("run.ofValue")}
      </Button>
      {open && <UndoDialog title={t("run.title")} selection={{ runId }} onClose={() => setOpen(false)} />}
    </>
  );
}
