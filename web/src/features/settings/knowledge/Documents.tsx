import { ActionIcon, Button, FileButton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { DeleteIcon, UploadIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { ErrorCard } from "@/ui/ErrorCard";
import { Moment } from "@/ui/Moment";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { say, sayProblem } from "@/ui/toast";
import classes from "./knowledge.module.css";
import { documentsQuery, type KnowledgeDocument, READABLE, useAddDocument, useRemoveDocument } from "./queries";

/** The documents of a set. Files are chosen or dropped; one of the same name as before is its next version. */
export function Documents({ setId }: { setId: string }) {
  const { t } = useTranslation("knowledge");
  const formats = useFormats();
  const { may } = useSession();
  const writes = may("knowledge.write");
  const { data: documents, error, refetch } = useQuery(documentsQuery(setId));
  const { take, left } = useTake(setId);
  const [over, setOver] = useState(false);
  const [removing, setRemoving] = useState<KnowledgeDocument>();
  const remove = useRemoveDocument(setId);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  return (
    <Section
      title={t("documents")}
      description={t("documentsHint")}
      actions={
        writes && (
          <FileButton multiple accept={READABLE} onChange={(files) => void take(files)} inputProps={{ "aria-label": t("add") }}>
            {(props) => (
              <Button {...props} loading={left > 0} leftSection={<UploadIcon size={16} />}>
                {t("add")}
              </Button>
            )}
          </FileButton>
        )
      }
    >
      <div
        data-over={over || undefined}
        className={classes.drop}
        onDragOver={(event) => {
          if (!writes) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={writes ? drop : undefined}
      >
        {error ? (
          <ErrorCard error={error} onRetry={() => void refetch()} />
        ) : documents?.length === 0 ? (
          <Text size="sm" c="dimmed" className={classes.none}>
            {t(writes ? "noDocuments" : "noDocumentsYet")}
          </Text>
        ) : (
          <SimpleTable<KnowledgeDocument>
            label={t("documents")}
            minWidth={720}
            rows={documents}
            rowKey={(document) => document.id}
            columns={[
              {
                title: t("column.document"),
                cell: (document) => (
                  <Link to="/settings/knowledge/$setId/documents/$documentId" params={{ setId, documentId: document.id }} className={classes.name}>
                    {document.name}
                  </Link>
                ),
              },
              { title: t("column.version"), width: "90px", align: "end", titled: true, cell: (document) => formats.number(document.version) },
              { title: t("column.passages"), width: "100px", align: "end", titled: true, cell: (document) => formats.number(document.passages) },
              { title: t("column.size"), width: "100px", align: "end", titled: true, cell: (document) => t("kilobytes", { size: formats.number(Math.max(1, Math.round(document.bytes / 1024))) }) },
              { title: t("column.added"), width: "140px", cell: (document) => <Moment at={document.addedAt} relative /> },
              {
                title: "",
                width: "48px",
                align: "end",
                cell: (document) =>
                  writes && (
                    <ActionIcon aria-label={t("remove.of", { name: document.name })} onClick={() => setRemoving(document)}>
                      <DeleteIcon size={16} />
                    </ActionIcon>
                  ),
              },
            ]}
          />
        )}
      </div>
      <ConfirmDialog
        opened={removing !== undefined}
        title={t("remove.title", { name: removing?.name })}
        confirm={t("remove.submit")}
        destructive
        busy={remove.isPending}
        onClose={() => setRemoving(undefined)}
        onConfirm={() => {
          if (!removing) return;
          remove.mutate(removing.id, {
            onSuccess: () => say(t("remove.done", { name: removing.name })),
            onError: (problem) => sayProblem(problem),
            onSettled: () => setRemoving(undefined),
          });
        }}
      >
        <Text size="sm">{t("remove.text")}</Text>
      </ConfirmDialog>
    </Section>
  );
}

/** Adds files one after another; a refused one is said by name and does not stop the others. */
function useTake(setId: string) {
  const { t } = useTranslation("knowledge");
  const add = useAddDocument(setId);
  const [left, setLeft] = useState(0);
  const take = async (files: File[]) => {
    let added = 0;
    setLeft(files.length);
    for (const file of files) {
      try {
        await add.mutateAsync(file);
        added += 1;
      } catch (problem) {
        sayProblem(problem, t("addFailed", { name: file.name }));
      }
      setLeft((count) => count - 1);
    }
    if (added > 0) say(t("added", { count: added }));
  };
  return { take, left };
}
