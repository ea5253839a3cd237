import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { later } from "@/ui/later";
import classes from "../panel/forms/forms.module.css";
import { checkDocument, draftTransport } from "../queries";
import { useEditorStore } from "../store/context";
import { saved } from "../store/saved";
import { isRetired, type Model } from "./refusals";

const ReplaceModelDialog = later(async () => (await import("@/features/evals/replacing/ReplaceModelDialog")).ReplaceModelDialog);

interface Props {
  model: Model;
  connectionId: string;
  disabled: boolean;
}

/** Warns of a model whose end its provider has announced, and tries another one in its place. */
export function RetiringModel({ model, connectionId, disabled }: Props) {
  const { t } = useTranslation("forms");
  const formats = useFormats();
  const store = useEditorStore();
  // The model that is replaced, which is another than the step's as soon as the draft has the new one.
  const [old, setOld] = useState<string>();
  const { flowId } = store.getState();
  const take = async () => {
    const theirs = await draftTransport(flowId).readTheirs(null);
    const checked = await checkDocument(theirs.document).catch(() => null);
    store.getState().replace(theirs.document, theirs.version, checked ? { problems: checked.results, outputs: checked.outputs } : undefined);
  };
  return (
    <>
      {model.retiresAt !== null && (
        <div className={classes.warning} role="note">
          {t(isRetired(model, Date.now()) ? "llm.ended" : "llm.ends", { day: formats.day(model.retiresAt) })}{" "}
          {!disabled && (
            <Button variant="subtle" size="compact-xs" ml={-8} onClick={() => setOld(model.id)}>
              {t("llm.replace")}
            </Button>
          )}
        </div>
      )}
      {old && <ReplaceModelDialog old={old} connectionId={connectionId} flowId={flowId} before={() => saved(store)} onReplaced={() => void take()} onClose={() => setOld(undefined)} />}
    </>
  );
}
