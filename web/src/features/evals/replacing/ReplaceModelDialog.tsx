import { Button, Modal, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ModelSelect } from "@/features/editor/llm/ModelSelect";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { type Proposal, useReplaceModel } from "../queries";
import { ProposalCard } from "./ProposalCard";

interface Props {
  /** The model that ends, and the account through which it is asked. */
  old: string;
  connectionId: string;
  flowId: string;
  /** Done before the drafts are changed, such as saving what is edited. */
  before?: () => Promise<void>;
  /** Done when they are changed. */
  onReplaced?: () => void;
  onClose: () => void;
}

/** Puts another model into drafts and shows the evals of both beside each other. Nothing goes live by it. */
export function ReplaceModelDialog({ old, connectionId, flowId, before, onReplaced, onClose }: Props) {
  const { t } = useTranslation("evals");
  const [model, setModel] = useState("");
  const [everywhere, setEverywhere] = useState(false);
  const [saving, setSaving] = useState(false);
  const replace = useReplaceModel();
  const send = async () => {
    setSaving(true);
    try {
      await before?.();
      await replace.mutateAsync({ old, new: model, connectionId, flowIds: everywhere ? [] : [flowId] });
      onReplaced?.();
    } catch (problem) {
      sayProblem(problem, t("replace.failed"));
    } finally {
      setSaving(false);
    }
  };
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{t("replace.title", { old })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      {replace.data ? (
        <Proposals proposals={replace.data} old={old} model={model} onClose={onClose} />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            // The dialog may stand inside of a form of the editor, to which the event would go on.
            event.stopPropagation();
            if (model) void send();
          }}
        >
          <Stack gap="md">
            <Text size="sm" c="dimmed">
              {t("replace.explain")}
            </Text>
            <ModelSelect connectionId={connectionId} value={model} onChange={setModel} disabled={false} />
            <Radio.Group label={t("replace.where")} value={everywhere ? "all" : "one"} onChange={(value) => setEverywhere(value === "all")}>
              <Stack gap="xs" mt="xs">
                <Radio size="xs" value="one" label={t("replace.here")} />
                <Radio size="xs" value="all" label={t("replace.everywhere")} />
              </Stack>
            </Radio.Group>
            <DialogFooter>
              <Button variant="default" onClick={onClose}>
                {t("ui:action.cancel")}
              </Button>
              <Button type="submit" loading={saving} disabled={!model || model === old}>
                {t("replace.begin")}
              </Button>
            </DialogFooter>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

function Proposals({ proposals, old, model, onClose }: { proposals: readonly Proposal[]; old: string; model: string; onClose: () => void }) {
  const { t } = useTranslation("evals");
  return (
    <Stack gap="md">
      <Text size="sm">{t("replace.done", { count: proposals.length, model })}</Text>
      {proposals.map((proposal) => (
        <ProposalCard key={proposal.flowId} proposal={proposal} old={old} model={model} onLeave={onClose} />
      ))}
      <DialogFooter>
        <Button onClick={onClose}>{t("ui:action.close")}</Button>
      </DialogFooter>
    </Stack>
  );
}
