import { ActionIcon, Button, Menu } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { CopyIcon, DeleteIcon, DownIcon, PlusIcon, RenameIcon, UsersIcon } from "@/design/icons";
import { say, sayProblem } from "@/ui/toast";
import type { SavedView } from "../contract";
import { useCreateView, useDeleteView, useUpdateView } from "../queries/views";
import { SaveViewDialog } from "./SaveViewDialog";
import classes from "./tabs.module.css";
import type { RecordsTable } from "./useRecordsTable";
import { columnsOf, hasChanges, type RecordsSearch } from "./view-state";

interface Props {
  objectType: string;
  search: RecordsSearch;
  table: RecordsTable;
}

type Dialog = { kind: "create" } | { kind: "rename"; view: SavedView };

/** The saved views as tabs. What was changed since is said at the end of the row, and saved or dropped there. */
export function ViewTabs({ objectType, search, table }: Props) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<Dialog>();
  const create = useCreateView(objectType);
  const update = useUpdateView(objectType);
  const remove = useDeleteView(objectType);
  const { views = [], view, state, type } = table;
  const changed = hasChanges(search);
  const maySave = view !== undefined && (view.own || (view.shared && may("records.write")));

  const go = (id: string | undefined) => void navigate({ to: "/records/$objectType", params: { objectType }, search: id === undefined ? {} : { view: id } });
  const whole = { filter: state.filter, search: state.search, sort: state.sort, columns: columnsOf(state.columns) };

  const saveNew = (name: string, shared: boolean) =>
    create.mutate(
      { name, shared, ...whole },
      {
        onSuccess: (made) => {
          setDialog(undefined);
          go(made.id);
        },
        onError: (error) => sayProblem(error),
      },
    );
  const change = (one: SavedView, changes: Parameters<typeof update.mutate>[0]["changes"], then?: () => void) =>
    update.mutate({ view: one, changes }, { onSuccess: then, onError: (error) => sayProblem(error, t("view.notSaved")) });
  const drop = (one: SavedView) =>
    remove.mutate(one, {
      onSuccess: () => {
        go(undefined);
        const { name, filter, sort, columns, shared } = one;
        say(t("view.deleted", { name }), () => create.mutate({ name, filter, search: one.search, sort, columns, shared }, { onSuccess: (made) => go(made.id) }));
      },
      onError: (error) => sayProblem(error),
    });

  return (
    <div className={classes.views}>
      <nav aria-label={t("view.views")}>
        <ul className={classes.list}>
          <li className={classes.item} data-current={search.view === undefined || undefined}>
            <Link to="/records/$objectType" params={{ objectType }} search={{}} className={classes.view} aria-current={search.view === undefined ? "true" : undefined}>
              {t("view.all", { type: type.plural.toLowerCase() })}
            </Link>
          </li>
          {views.map((one) => {
            const current = one.id === search.view;
            return (
              <li key={one.id} className={classes.item} data-current={current || undefined}>
                <Link to="/records/$objectType" params={{ objectType }} search={{ view: one.id }} className={classes.view} aria-current={current ? "true" : undefined} title={one.name}>
                  {one.shared && <UsersIcon size={14} role="img" aria-label={t("view.shared")} />}
                  <span className={classes.name}>{one.name}</span>
                </Link>
                {current && (
                  <Menu position="bottom-start" width={210}>
                    <Menu.Target>
                      <ActionIcon size={26} aria-label={t("view.options", { name: one.name })}>
                        <DownIcon size={14} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item leftSection={<RenameIcon size={16} />} disabled={!maySave} onClick={() => setDialog({ kind: "rename", view: one })}>
                        {t("view.rename")}
                      </Menu.Item>
                      <Menu.Item leftSection={<CopyIcon size={16} />} onClick={() => setDialog({ kind: "create" })}>
                        {t("view.copy")}
                      </Menu.Item>
                      <Menu.Item leftSection={<UsersIcon size={16} />} disabled={!one.own || !may("records.write")} onClick={() => change(one, { shared: !one.shared })}>
                        {t(one.shared ? "view.unshare" : "view.share")}
                      </Menu.Item>
                      <Menu.Divider />
                      <Menu.Item leftSection={<DeleteIcon size={16} />} disabled={!maySave} onClick={() => drop(one)}>
                        {t("view.delete")}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                )}
              </li>
            );
          })}
        </ul>
      </nav>
      <ActionIcon size={28} aria-label={t("view.add")} onClick={() => setDialog({ kind: "create" })}>
        <PlusIcon size={15} />
      </ActionIcon>
      {changed && (
        <div className={classes.changed}>
          <span role="status">{t("view.unsaved")}</span>
          <Button variant="subtle" color="gray" size="compact-xs" onClick={() => go(search.view)}>
            {t("view.reset")}
          </Button>
          {maySave && view && (
            <Button variant="light" size="compact-xs" loading={update.isPending} onClick={() => change(view, whole, () => go(view.id))}>
              {t("ui:action.save")}
            </Button>
          )}
          <Button variant={maySave ? "subtle" : "light"} size="compact-xs" onClick={() => setDialog({ kind: "create" })}>
            {t("view.saveAs")}
          </Button>
        </div>
      )}
      {dialog?.kind === "create" && (
        <SaveViewDialog title={t("view.add")} mayShare={may("records.write")} busy={create.isPending} onSave={saveNew} onClose={() => setDialog(undefined)} />
      )}
      {dialog?.kind === "rename" && (
        <SaveViewDialog
          title={t("view.rename")}
          name={dialog.view.name}
          busy={update.isPending}
          onSave={(name) => change(dialog.view, { name }, () => setDialog(undefined))}
          onClose={() => setDialog(undefined)}
        />
      )}
    </div>
  );
}
