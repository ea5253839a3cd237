import { Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { say, sayProblem } from "@/ui/toast";
import { useRestore } from "./queries";

interface Props {
  flowId: string;
  revisionId: string;
  hasDraft: boolean;
  onClose: () => void;
}

/** Takes a revision back as the draft. What is live stays live until the draft is published. */
export function RestoreDialog({ flowId, revisionId, hasDraft, onClose }: Props) {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const restore = useRestore(flowId);
  // A draft that somebody began meanwhile is not replaced unasked either.
  const replaces = hasDraft || asProblem(restore.error ?? undefined).status === 409;

  return (
    <ConfirmDialog
      opened
      destructive={replaces}
      title={t("restore.title", { number: revisionId })}
      confirm={t(replaces ? "restore.replace" : "restore.submit")}
      busy={restore.isPending}
      onClose={onClose}
      onConfirm={() =>
        restore.mutate(
          { revisionId, replaceDraft: replaces },
          {
            onSuccess: () => {
              say(t("restore.done", { number: revisionId }));
              void navigate({ to: "/workflows/$flowId", params: { flowId } });
            },
            onError: (error) => {
              if (asProblem(error).status !== 409) sayProblem(error, t("restore.failed"));
            },
          },
        )
      }
    >
      <Stack gap="xs">
        <Text size="sm">{t("restore.explain")}</Text>
        {replaces && <Text size="sm">{t("restore.replaces")}</Text>}
      </Stack>
    </ConfirmDialog>
  );
}
