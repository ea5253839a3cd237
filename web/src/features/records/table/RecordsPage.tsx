import { Button } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { ImportIcon, PlusIcon } from "@/design/icons";
import { NOTHING, type Selection } from "@/ui/data-table/selection";
import { ErrorCard } from "@/ui/ErrorCard";
import { LinkButton } from "@/ui/LinkButton";
import { Page } from "@/ui/Page";
import { Withheld } from "@/ui/Withheld";
import type { BulkEdit } from "../contract";
import { BulkProgressDialog } from "./BulkProgressDialog";
import { CreateRecordDrawer } from "./CreateRecordDrawer";
import { ObjectTypeTabs } from "./ObjectTypeTabs";
import { RecordsFooter } from "./RecordsFooter";
import classes from "./RecordsPage.module.css";
import { RecordsTableView } from "./RecordsTableView";
import { SelectionBar } from "./SelectionBar";
import { Toolbar } from "./Toolbar";
import { useRecordsTable } from "./useRecordsTable";
import { changesFrom, type TableState } from "./view-state";
import { ViewTabs } from "./ViewTabs";

const route = getRouteApi("/app/records/$objectType");

/** All records of one type as a table, in views that can be saved. */
export function RecordsPage() {
  const { t } = useTranslation("records");
  const { objectType } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useSession();
  const table = useRecordsTable(objectType, search);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [work, setWork] = useState<BulkEdit>();
  const { type, base, state } = table;
  const selects = !(selection.all === false && selection.ids.size === 0);

  const address = JSON.stringify([objectType, state.filter, state.search]);
  useEffect(() => setSelection(NOTHING), [address]); // other records than those that were chosen

  const change = (part: Partial<TableState>) => {
    const next = { ...state, ...part };
    if (part.columns && search.view === undefined) {
      table.setOwnColumns(part.columns);
      return;
    }
    void navigate({ search: changesFrom(base, next, search.view), replace: true });
  };
  const openDrawer = (create: boolean) => void navigate({ search: (now) => ({ ...now, create: create || undefined }), replace: true });

  const actions = (
    <>
      {may("imports.run") && (
        <LinkButton to="/records/$objectType/import" params={{ objectType }} variant="default" leftSection={<ImportIcon size={15} aria-hidden />}>
          {t("import.action")}
        </LinkButton>
      )}
      <Withheld because={!may("records.write") && t("readOnly")}>
        <Button leftSection={<PlusIcon size={15} aria-hidden />} onClick={() => openDrawer(true)}>
          {t("create.action", { type: type.singular.toLowerCase() })}
        </Button>
      </Withheld>
    </>
  );

  return (
    <Page title={type.plural} actions={actions} below={<ObjectTypeTabs current={objectType} />} flush>
      {table.propertiesError ? (
        <ErrorCard error={table.propertiesError} title={t("loadFailed")} />
      ) : (
        <div className={classes.content}>
          <ViewTabs objectType={objectType} search={search} table={table} />
          {selects ? (
            <SelectionBar objectType={objectType} table={table} selection={selection} onSelection={setSelection} onWork={setWork} />
          ) : (
            <Toolbar objectType={objectType} table={table} onChange={change} />
          )}
          <RecordsTableView objectType={objectType} search={search} table={table} selection={selection} onSelection={setSelection} onChange={change} onCreate={() => openDrawer(true)} />
          <RecordsFooter objectType={objectType} table={table} />
        </div>
      )}
      {work && <BulkProgressDialog key={work.id} objectType={objectType} started={work} onWork={setWork} onClose={() => setWork(undefined)} />}
      {search.create && <CreateRecordDrawer objectType={objectType} type={type} onClose={() => openDrawer(false)} />}
    </Page>
  );
}
