import { Button, CopyButton, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import type { PropertyDefinition } from "@/api/properties";
import { useSession } from "@/api/session";
import { providerTitle } from "@/features/connect/providers";
import { UndoIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { say, sayProblem } from "@/ui/toast";
import { UndoRun } from "../../undo/UndoRun";
import type { Version, WorkflowSource } from "../contract";
import { useUndoVersion } from "../queries/history";
import { SourceLine } from "../sources/SourceLine";
import { useValueText } from "../values/text";
import { ValueText } from "../values/ValueText";
import classes from "./HistoryDrawer.module.css";

interface Props {
  objectType: string;
  recordId: string;
  version: Version;
  property: PropertyDefinition | undefined;
}

/** One version of a value. The present one can be undone, which writes a version of its own. */
export function VersionItem({ objectType, recordId, version, property }: Props) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const text = useValueText();
  const undo = useUndoVersion(objectType, recordId);
  const problem = undo.error ? asProblem(undo.error) : undefined;

  const doUndo = () => {
    if (version.id === null) return;
    undo.mutate(version.id, {
      onSuccess: ({ version: made }) => {
        const value = text(property, made.value) || t("value.none");
        say(t("history.undone", { property: version.label, value }), made.id === null ? undefined : () => void undo.mutateAsync(made.id ?? "").catch(sayProblem));
      },
    });
  };

  return (
    <li className={classes.version} data-current={version.current || undefined}>
      <div className={classes.top}>
        <div className={classes.shown}>
          {version.value === null ? (
            <span className={classes.cleared}>{t("history.cleared")}</span>
          ) : property ? (
            <ValueText property={property} value={version.value} />
          ) : (
            version.value
          )}
          {version.current && <span className={classes.now}>{t("history.current")}</span>}
        </div>
        {version.undoable && may("records.write") && (
          <Tooltip label={t("history.undoTo", { value: text(property, version.previousValue) || t("value.none") })}>
            <Button variant="default" size="compact-xs" leftSection={<UndoIcon size={14} aria-hidden />} loading={undo.isPending} onClick={doUndo}>
              {t("ui:action.undo")}
            </Button>
          </Tooltip>
        )}
      </div>
      <div className={classes.by}>
        <SourceLine source={version.source} objectType={objectType} />
        <Moment at={version.at} />
      </div>
      {version.source.workflow && <Origin workflow={version.source.workflow} />}
      {version.source.workflow?.runId != null && may("records.write") && <UndoRun runId={version.source.workflow.runId} />}
      {problem && (
        <p className={classes.problem} role="alert">
          {problem.status === 409 ? t("history.conflict", { message: problem.message }) : problem.message || t("ui:error.unreachableRemedy")}
        </p>
      )}
    </li>
  );
}

/** From which model, prompt and revision a workflow got the value. */
function Origin({ workflow }: { workflow: WorkflowSource }) {
  const { t } = useTranslation("records");
  const { percent } = useFormats();
  const { provider, model, promptHash, confidence, askedStepNumber, askedStepTitle, revisionId, runId, flowId } = workflow;
  return (
    <dl className={classes.facts}>
      {model !== null && (
        <div>
          <dt>{t("history.model")}</dt>
          <dd>{provider === null ? model : t("history.modelOf", { provider: providerTitle(provider), model })}</dd>
        </div>
      )}
      {model !== null && askedStepNumber !== null && (
        <div>
          <dt>{t("history.asked")}</dt>
          <dd>{t("history.askedStep", { step: askedStepNumber, title: askedStepTitle ?? "" })}</dd>
        </div>
      )}
      {confidence !== null && (
        <div>
          <dt>{t("history.confidence")}</dt>
          <dd>{percent(confidence)}</dd>
        </div>
      )}
      {promptHash !== null && (
        <div>
          <dt>{t("history.prompt")}</dt>
          <dd>
            <CopyButton value={promptHash}>
              {({ copy, copied }) => (
                <Tooltip label={t(copied ? "ui:action.copied" : "history.promptExplained")} multiline w={240}>
                  <button type="button" className={classes.hash} onClick={copy}>
                    {promptHash.slice(0, 12)}
                  </button>
                </Tooltip>
              )}
            </CopyButton>
          </dd>
        </div>
      )}
      {revisionId !== null && (
        <div>
          <dt>{t("history.revision")}</dt>
          <dd>
            <Link to="/workflows/$flowId/revisions" params={{ flowId }}>
              {revisionId}
            </Link>
          </dd>
        </div>
      )}
      {runId !== null && (
        <div>
          <dt>{t("history.run")}</dt>
          <dd>
            <Link to="/runs/$runId" params={{ runId }}>
              {runId}
            </Link>
          </dd>
        </div>
      )}
    </dl>
  );
}
