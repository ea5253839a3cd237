import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjectTypes } from "@/api/object-types";
import { useSession } from "@/api/session";
import { CloseIcon, PlusIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import { say, sayProblem } from "@/ui/toast";
import type { AssociatedRecord, AssociationGroup } from "../contract";
import { associatedQuery, associationsQuery, useAssociate, useDissociate } from "../queries/associations";
import { AssociateDialog } from "./AssociateDialog";
import classes from "./Related.module.css";

interface Props {
  objectType: string;
  recordId: string;
}

/** The records that belong to this one, by type. */
export function AssociationsPanel({ objectType, recordId }: Props) {
  const { t } = useTranslation("records");
  const { data: groups, error, refetch } = useQuery(associationsQuery(objectType, recordId));
  if (error && !groups) return <ErrorCard error={error} title={t("associations.loadFailed")} onRetry={() => void refetch()} />;
  if (!groups) return <Skeleton h={160} />;
  return groups.map((group) => <GroupCard key={group.objectTypeId} objectType={objectType} recordId={recordId} group={group} />);
}

function GroupCard({ objectType, recordId, group }: Props & { group: AssociationGroup }) {
  const { t } = useTranslation("records");
  const formats = useFormats();
  const { may } = useSession();
  const types = useObjectTypes();
  const type = types.find((one) => one.id === group.objectTypeId);
  const plural = type?.plural ?? group.pluralLabel;
  const toType = type?.name ?? group.objectTypeId;
  const [adding, setAdding] = useState(false);
  const [all, setAll] = useState(false);
  const more = useInfiniteQuery({ ...associatedQuery(objectType, recordId, toType), enabled: all });
  const associate = useAssociate(objectType, recordId);
  const dissociate = useDissociate(objectType, recordId);
  const shown = all && more.data ? more.data.pages.flatMap((page) => page.results.flatMap((one) => one.results)) : group.results;
  const count = group.count.exact ? t("associations.count", { shown: formats.number(group.count.count) }) : t("associations.many", { shown: formats.number(group.count.count) });

  const remove = (one: AssociatedRecord) =>
    dissociate.mutate(
      { toObjectType: toType, toRecordId: one.recordId },
      {
        onSuccess: () =>
          say(t("associations.removed", { name: one.name }), () => {
            for (const label of one.labels) void associate.mutateAsync({ toObjectType: toType, toRecordId: one.recordId, label }).catch(sayProblem);
          }),
        onError: (error) => sayProblem(error),
      },
    );

  return (
    <section className={classes.card} aria-label={plural}>
      <header className={classes.head}>
        <h2>
          {plural} <span className={classes.count}>{count}</span>
        </h2>
        {may("records.write") && (
          <Button variant="subtle" size="compact-xs" leftSection={<PlusIcon size={14} aria-hidden />} aria-label={t("associations.addTo", { type: plural.toLowerCase() })} onClick={() => setAdding(true)}>
            {t("ui:action.add")}
          </Button>
        )}
      </header>
      {shown.length > 0 && (
        <ul className={classes.list}>
          {shown.map((one) => (
            <li key={one.recordId} className={classes.item}>
              <div className={classes.main}>
                <Link to="/records/$objectType/$recordId" params={{ objectType: toType, recordId: one.recordId }} className={classes.name}>
                  {one.name}
                </Link>
                {may("records.write") && (
                  <button type="button" className={classes.remove} aria-label={t("associations.remove", { name: one.name })} onClick={() => remove(one)}>
                    <CloseIcon size={13} aria-hidden />
                  </button>
                )}
              </div>
              {one.secondary && <div className={classes.secondary}>{one.secondary}</div>}
              <div className={classes.labels}>
                {one.labels.map((label) => label.label && <span key={`${label.category}-${label.typeId}`}>{label.label}</span>)}
              </div>
            </li>
          ))}
        </ul>
      )}
      {!all && (group.count.count > group.results.length || !group.count.exact) && (
        <Button variant="subtle" color="gray" size="compact-xs" onClick={() => setAll(true)}>
          {t("associations.showAll", { shown: formats.number(group.count.count) })}
        </Button>
      )}
      {all && more.hasNextPage && (
        <Button variant="subtle" color="gray" size="compact-xs" loading={more.isFetchingNextPage} onClick={() => void more.fetchNextPage()}>
          {t("ui:action.loadMore")}
        </Button>
      )}
      {adding && (
        <AssociateDialog
          title={t("associations.addTo", { type: plural.toLowerCase() })}
          toObjectType={toType}
          labels={group.labels}
          taken={new Set([...shown.map((one) => one.recordId), recordId])}
          onClose={() => setAdding(false)}
          onPick={(toRecordId, label) =>
            associate.mutate({ toObjectType: toType, toRecordId, label }, { onSuccess: () => setAdding(false), onError: (error) => sayProblem(error, t("associations.notAdded")) })
          }
          busy={associate.isPending}
        />
      )}
    </section>
  );
}
