import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { CopyIcon, DeleteIcon, DownloadIcon, FolderIcon, HistoryIcon, MoreIcon, RenameIcon, RunsIcon, SettingsIcon, SpendIcon } from "@/design/icons";
import { later } from "@/ui/later";
import { say, sayProblem } from "@/ui/toast";
import { type FlowRow, useDuplicate } from "../queries";
import classes from "./RowMenu.module.css";

const DeleteDialog = later(async () => (await import("./DeleteDialog")).DeleteDialog);
const MoveDialog = later(async () => (await import("./MoveDialog")).MoveDialog);

interface Props {
  row: FlowRow;
  name: string;
  folders: readonly string[];
}

/** What one can do with a workflow of the list. */
export function RowMenu({ row, name, folders }: Props) {
  const { t } = useTranslation("workflows");
  const { may } = useSession();
  const [dialog, setDialog] = useState<"move" | "delete">();
  const duplicate = useDuplicate();
  const params = { flowId: row.id };
  const close = () => setDialog(undefined);

  const copy = () =>
    duplicate.mutate(
      { flowId: row.id, name: t("menu.copyName", { name }).slice(0, 200) },
      { onSuccess: (made) => say(t("menu.copied", { name: made.name })), onError: (error) => sayProblem(error, t("menu.copyFailed", { name })) },
    );

  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon aria-label={t("menu.label", { name })}>
            <MoreIcon size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<RenameIcon size={16} />} renderRoot={(props) => <Link to="/workflows/$flowId" params={params} {...props} />}>
            {t(may("flows.write") ? "menu.edit" : "menu.open")}
          </Menu.Item>
          <Menu.Item leftSection={<RunsIcon size={16} />} renderRoot={(props) => <Link to="/workflows/$flowId/runs" params={params} {...props} />}>
            {t("menu.runs")}
          </Menu.Item>
          <Menu.Item leftSection={<HistoryIcon size={16} />} renderRoot={(props) => <Link to="/workflows/$flowId/revisions" params={params} {...props} />}>
            {t("menu.revisions")}
          </Menu.Item>
          <Menu.Item leftSection={<SettingsIcon size={16} />} renderRoot={(props) => <Link to="/workflows/$flowId/settings" params={params} {...props} />}>
            {t("menu.settings")}
          </Menu.Item>
          <Menu.Item leftSection={<SpendIcon size={16} />} renderRoot={(props) => <Link to="/spend" search={{ flow: row.id }} {...props} />}>
            {t("menu.spend")}
          </Menu.Item>
          <Menu.Divider />
          {may("flows.write") && (
            <Menu.Item leftSection={<CopyIcon size={16} />} onClick={copy}>
              {t("menu.duplicate")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<DownloadIcon size={16} />} component="a" href={`/automation/v4/flows/${row.id}`} download={`${fileName(name)}.json`}>
            {t("menu.export")}
          </Menu.Item>
          {may("flows.write") && (
            <>
              <Menu.Item leftSection={<FolderIcon size={16} />} onClick={() => setDialog("move")}>
                {t("menu.move")}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<DeleteIcon size={16} />} className={classes.danger} onClick={() => setDialog("delete")}>
                {t("menu.delete")}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === "move" && <MoveDialog row={row} name={name} folders={folders} onClose={close} />}
      {dialog === "delete" && <DeleteDialog row={row} name={name} onClose={close} />}
    </>
  );
}

/** A name that every file system takes. */
function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 80) || "workflow";
}
