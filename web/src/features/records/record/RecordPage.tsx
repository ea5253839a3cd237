import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { recordName, useObjectType } from "@/api/object-types";
import { propertiesQuery } from "@/api/properties";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { asProblem } from "@/api/problem";
import { Page } from "@/ui/Page";
import { PageSkeleton } from "@/ui/PageSkeleton";
import { RecordsIcon } from "@/design/icons";
import { recordQuery } from "../queries/record";
import { listSearch } from "../table/RecordsTableView";
import { AssociationsPanel } from "./AssociationsPanel";
import { HistoryDrawer } from "./HistoryDrawer";
import { PropertiesPanel } from "./PropertiesPanel";
import { RecordActions } from "./RecordActions";
import classes from "./RecordPage.module.css";
import { Timeline } from "./Timeline";
import { WorkflowsPanel } from "./WorkflowsPanel";

const route = getRouteApi("/app/records/$objectType/$recordId");
type Part = "properties" | "timeline" | "related";
const PARTS: readonly Part[] = ["properties", "timeline", "related"];

/** One record: its properties at the left, what happened to it in the middle, what belongs to it at the right. */
export function RecordPage() {
  const { t } = useTranslation("records");
  const { objectType, recordId } = route.useParams();
  const search = route.useSearch();
  const type = useObjectType(objectType);
  const { data: properties, error: propertiesError } = useQuery(propertiesQuery(objectType));
  const { data: record, error, refetch } = useQuery(recordQuery(objectType, recordId, properties ?? []));
  const [part, setPart] = useState<Part>("properties");
  const [history, setHistory] = useState<string>();
  const byName = useMemo(() => new Map(properties?.map((property) => [property.name, property])), [properties]);

  if (error && asProblem(error).status === 404) {
    return (
      <Page title={type.singular}>
        <EmptyState
          icon={<RecordsIcon size={24} />}
          title={t("record.gone")}
          text={t("record.goneText")}
          action={
            <Link to="/records/$objectType" params={{ objectType }} search={listSearch(search)}>
              {t("record.backTo", { type: type.plural.toLowerCase() })}
            </Link>
          }
        />
      </Page>
    );
  }
  if (error ?? propertiesError) return <ErrorCard error={error ?? propertiesError} title={t("record.loadFailed")} onRetry={() => void refetch()} />;
  if (!record || !properties) return <PageSkeleton />;
  const name = recordName(type, record.properties) ?? `#${recordId}`;

  return (
    <Page
      key={recordId}
      title={name}
      before={
        <Link to="/records/$objectType" params={{ objectType }} search={listSearch(search)} className={classes.crumb}>
          {type.plural}
          <span aria-hidden> /</span>
        </Link>
      }
      actions={<RecordActions objectType={objectType} recordId={recordId} search={search} name={name} />}
      below={
        <SegmentedControl
          className={classes.parts}
          fullWidth
          aria-label={t("record.parts")}
          value={part}
          onChange={(next) => setPart(next as Part)}
          data={PARTS.map((one) => ({ value: one, label: t(`record.part.${one}`) }))}
        />
      }
      flush
    >
      <div className={classes.columns} data-part={part}>
        <section className={classes.properties} aria-label={t("record.part.properties")}>
          <PropertiesPanel objectType={objectType} type={type} recordId={recordId} properties={properties} values={record.properties} onHistory={setHistory} />
        </section>
        <section className={classes.timeline} aria-label={t("record.part.timeline")}>
          <Timeline objectType={objectType} recordId={recordId} properties={byName} />
        </section>
        <section className={classes.related} aria-label={t("record.part.related")}>
          <WorkflowsPanel objectType={objectType} recordId={recordId} />
          <AssociationsPanel objectType={objectType} recordId={recordId} />
        </section>
      </div>
      {history !== undefined && (
        <HistoryDrawer objectType={objectType} recordId={recordId} property={history} properties={byName} onClose={() => setHistory(undefined)} />
      )}
    </Page>
  );
}
