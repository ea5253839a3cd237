import { ActionIcon, CopyButton, Menu, Tooltip } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { ArchiveIcon, CopyIcon, DeleteIcon, DownIcon, MoreIcon, UpIcon } from "@/design/icons";
import { later } from "@/ui/later";
import { say, sayProblem } from "@/ui/toast";
import { useArchive, useRestore } from "../queries/bulk";
import { listSearch } from "../table/RecordsTableView";
import type { RecordsSearch } from "../table/view-state";
import classes from "./RecordActions.module.css";
import { useNeighbours } from "./useNeighbours";

const EraseDialog = later(async () => (await import("./EraseDialog")).EraseDialog);

interface Props {
  objectType: string;
  recordId: string;
  search: RecordsSearch;
  name: string;
}

/** Walks to the next and previous record of the list one came from, and holds what is done to the whole record. */
export function RecordActions({ objectType, recordId, search, name }: Props) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const navigate = useNavigate();
  const { previous, next, position, go } = useNeighbours(objectType, recordId, search);
  const archive = useArchive(objectType);
  const restore = useRestore(objectType);
  const [erasing, setErasing] = useState(false);
  const toList = () => void navigate({ to: "/records/$objectType", params: { objectType }, search: listSearch(search) });

  const doArchive = () =>
    archive.mutate(
      { recordIds: [recordId] },
      {
        onSuccess: (work) => {
          toList();
          say(t("record.archived", { name }), () =>
            // A promise, since this page is gone by then and its callbacks with it.
            restore.mutateAsync(work.id).then(() => say(t("record.restored", { name })), sayProblem),
          );
        },
        onError: (error) => sayProblem(error),
      },
    );

  return (
    <>
      {position !== undefined && <span className={classes.position}>{t("record.position", position)}</span>}
      <Tooltip label={t("record.previous")}>
        <ActionIcon variant="default" size={30} aria-label={t("record.previous")} aria-keyshortcuts="K" disabled={previous === undefined} onClick={() => go(previous)}>
          <UpIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("record.next")}>
        <ActionIcon variant="default" size={30} aria-label={t("record.next")} aria-keyshortcuts="J" disabled={next === undefined} onClick={() => go(next)}>
          <DownIcon size={16} />
        </ActionIcon>
      </Tooltip>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t("ui:action.more")}>
            <MoreIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <CopyButton value={recordId}>
            {({ copy }) => (
              <Menu.Item
                leftSection={<CopyIcon size={16} />}
                onClick={() => {
                  copy();
                  say(t("record.copied", { id: recordId }));
                }}
              >
                {t("record.copyId")}
              </Menu.Item>
            )}
          </CopyButton>
          {may("records.write") && (
            <Menu.Item leftSection={<ArchiveIcon size={16} />} onClick={doArchive}>
              {t("archive.action")}
            </Menu.Item>
          )}
          {may("records.erase") && (
            <Menu.Item color="red" leftSection={<DeleteIcon size={16} />} onClick={() => setErasing(true)}>
              {t("erase.menu")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {erasing && (
        <EraseDialog
          objectType={objectType}
          recordId={recordId}
          name={name}
          onErased={() => {
            toList();
            say(t("erase.done", { name }));
          }}
          onClose={() => setErasing(false)}
        />
      )}
    </>
  );
}
