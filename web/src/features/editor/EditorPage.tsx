import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useDelayedFlag } from "@/ui/delayed-flag";
import { ErrorCard } from "@/ui/ErrorCard";
import classes from "./Editor.module.css";
import { EditorScreen } from "./EditorScreen";
import { openedQuery, useCatalog } from "./queries";

/** The workflow of the address, opened for editing. */
export function EditorPage() {
  const { t } = useTranslation("editor");
  const { flowId } = useParams({ from: "/app/workflows/$flowId" });
  const { data: opened, error, refetch } = useQuery(openedQuery(flowId));
  const catalog = useCatalog();
  const late = useDelayedFlag(opened === undefined && error === null);
  if (error && !opened) {
    return (
      <div className={classes.failed}>
        <ErrorCard error={error} title={t("open.failed")} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!opened || catalog.length === 0) return late ? <EditorSkeleton /> : null;
  return <EditorScreen key={flowId} opened={opened} catalog={catalog} />;
}

/** The bar, and the first cards where they will stand. */
function EditorSkeleton() {
  return (
    <div className={classes.editor} aria-hidden>
      <div className={classes.barSkeleton}>
        <Skeleton width={260} height={16} />
      </div>
      <div className={classes.canvasSkeleton}>
        {[0, 1, 2].map((number) => (
          <Skeleton key={number} width={288} height={76} radius="lg" />
        ))}
      </div>
    </div>
  );
}
