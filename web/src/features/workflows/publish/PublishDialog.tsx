import { Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorCard } from "@/ui/ErrorCard";
import { say } from "@/ui/toast";
import type { Existing } from "./EnrollChoice";
import { previewQuery, type PublicationPreview, usePublish } from "./queries";
import { Review } from "./Review";

interface Props {
  flowId: string;
  /** The version of the draft that the editor shows; 0 when there is none. */
  draftVersion: number;
  /** Leads to the place of a problem, such as `actions[2].fields.prompt`. */
  onJump: (path: string) => void;
  onPublished: () => void;
  onClose: () => void;
}

/** What publishing changes, whom it meets and what it costs, and the button that does it. */
export function PublishDialog({ flowId, draftVersion, onJump, onPublished, onClose }: Props) {
  const { t } = useTranslation("workflows");
  const narrow = useMediaQuery("(max-width: 640px)");
  const { data: preview, error, refetch, isFetching } = useQuery(previewQuery(flowId));
  const publish = usePublish(flowId);

  const submit = (seen: PublicationPreview, enable: boolean | null, existing: Existing, overrideReason?: string) => {
    const over = seen.version > 0 && seen.baseRevisionId !== seen.liveRevisionId ? seen.liveRevisionId : undefined;
    publish.mutate(
      { version: seen.version, enable, enrollExisting: existing.enroll, batch: existing.batch, over, ...(overrideReason ? { overrideReason } : {}) },
      {
        onSuccess: (done) => {
          say(t(done.goesOn ? "publish.doneGoesOn" : done.isEnabled ? "publish.doneOn" : "publish.done", { revision: done.revisionId }));
          onPublished();
        },
      },
    );
  };

  return (
    <Modal opened size={760} fullScreen={narrow} onClose={onClose} title={<Text fw={600}>{t("publish.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      {error ? (
        <ErrorCard error={error} title={t("publish.loadFailed")} onRetry={() => void refetch()} />
      ) : preview === undefined ? (
        <Stack gap="md">
          <Skeleton h={20} w="40%" />
          <Skeleton h={140} radius="lg" />
          <Skeleton h={72} />
        </Stack>
      ) : (
        <Review
          flowId={flowId}
          preview={preview}
          movedOn={preview.version !== draftVersion}
          busy={publish.isPending || isFetching}
          problem={publish.error}
          onAgain={() => {
            publish.reset();
            void refetch();
          }}
          onJump={onJump}
          onSubmit={(enable, existing, reason) => submit(preview, enable, existing, reason)}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}
