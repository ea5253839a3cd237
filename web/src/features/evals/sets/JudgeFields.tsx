import { Stack, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ConnectionSelect } from "@/features/editor/llm/ConnectionSelect";
import { ModelSelect } from "@/features/editor/llm/ModelSelect";
import type { EvalSet } from "../queries";

/** A judge while it is chosen; undefined: there is none. */
export type JudgeDraft = { connectionId: string; model: string } | undefined;

/** The judge as the server takes it: null for none; undefined while it is half chosen. */
export function judgeOf(draft: JudgeDraft): EvalSet["judge"] | undefined {
  if (!draft) return null;
  return draft.connectionId && draft.model.trim() ? { connectionId: draft.connectionId, model: draft.model.trim() } : undefined;
}

/** Which model decides checks that are written in words. */
export function JudgeFields({ judge, onChange }: { judge: JudgeDraft; onChange: (judge: JudgeDraft) => void }) {
  const { t } = useTranslation("evals");
  return (
    <Stack gap="sm" role="group" aria-label={t("judge.title")}>
      <Switch label={t("judge.use")} description={t("judge.explain")} checked={judge !== undefined} onChange={(event) => onChange(event.currentTarget.checked ? { connectionId: "", model: "" } : undefined)} />
      {judge && (
        <>
          <ConnectionSelect value={judge.connectionId} provider="" onChange={({ id, moved }) => onChange({ connectionId: id, model: moved ? "" : judge.model })} attention={(name, detail) => t("judge.attention", { name, detail })} disabled={false} />
          <ModelSelect connectionId={judge.connectionId} value={judge.model} onChange={(model) => onChange({ ...judge, model })} disabled={false} />
        </>
      )}
    </Stack>
  );
}
