import { Button, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/ui/toast";
import { useCountWords } from "../counting";
import { type Operation, operationsQuery, useStopOperation } from "../queries";
import classes from "./Toolbar.module.css";

/** How long the end of an operation stays said. */
const RECENT = 60_000;

/** The newest operation on the runs of a workflow: how far it is, or how it ended a moment ago. */
export function OperationProgress({ flowId }: { flowId: string }) {
  const { t } = useTranslation("runs");
  const formats = useFormats();
  const count = useCountWords();
  const { may } = useSession();
  const { data } = useQuery(operationsQuery(flowId));
  const stop = useStopOperation(flowId);
  const operation = data?.find(isOpen) ?? data?.[0];
  if (!operation || (!isOpen(operation) && Date.now() - new Date(operation.updatedAt).getTime() > RECENT)) return null;
  const moved = operation.done + operation.leftOut;

  return (
    <div className={classes.progress} role="status">
      <span>
        {isOpen(operation)
          ? t(`operation.${operation.operation}.under`, { done: formats.number(moved), of: count(operation.expected) })
          : t(`operation.ended.${operation.state}`, { done: formats.number(operation.done), leftOut: formats.number(operation.leftOut), message: operation.message })}
      </span>
      {isOpen(operation) && (
        <>
          <Progress className={classes.meter} value={operation.expected.exact ? (100 * moved) / operation.expected.count : 100} animated={!operation.expected.exact} aria-label={t("operation.progress")} />
          {may("runs.operate") && (
            <Button
              size="compact-xs"
              variant="default"
              loading={stop.isPending}
              onClick={() => stop.mutate(operation.id, { onError: (error) => sayProblem(error) })}
            >
              {t("operation.stop")}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

function isOpen({ state }: Operation): boolean {
  return state === "WAITING" || state === "RUNNING";
}
