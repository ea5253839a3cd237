import { Button, Group, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { BackIcon, TestIcon } from "@/design/icons";
import { LinkButton } from "@/ui/LinkButton";
import { Section } from "@/ui/Section";
import { sayProblem } from "@/ui/toast";
import classes from "../evals.module.css";
import { type EvalSet, runsQuery, useStartRun } from "../queries";
import { CaseSection } from "./CaseSection";
import { GateCard } from "./GateCard";
import { RunDialog } from "./RunDialog";
import { RunList } from "./RunList";
import { RunView } from "./RunView";

interface Props {
  flowId: string;
  set: EvalSet;
  /** The run looked at; without it the newest. */
  runId: string | undefined;
}

/** One eval set: its gate, the run that is looked at, all runs, and its cases. */
export function SetView({ flowId, set, runId }: Props) {
  const { t } = useTranslation("evals");
  const { may } = useSession();
  const navigate = useNavigate();
  const runs = useQuery(runsQuery(set.id));
  const start = useStartRun();
  const [asking, setAsking] = useState(false);
  const shown = runs.data?.find(({ id }) => id === runId) ?? runs.data?.[0];
  const toSet = (search: object) => void navigate({ to: "/workflows/$flowId/evals", params: { flowId }, search: { set: set.id, ...search } });
  const begin = () =>
    start.mutate({ evalSetId: set.id }, { onSuccess: ({ id }) => toSet({ run: id }), onError: (problem) => sayProblem(problem, t("run.failed")) });

  return (
    <>
      <LinkButton to="/workflows/$flowId/evals" params={{ flowId }} search={{}} variant="subtle" size="xs" className={classes.back} leftSection={<BackIcon size={16} />}>
        {t("back")}
      </LinkButton>
      <GateCard flowId={flowId} set={set} runs={runs.data ?? []} />
      <Section
        title={shown ? t("run.title", { id: shown.id }) : t("runs.title")}
        description={t("runs.description")}
        actions={
          may("runs.operate") && (
            <Group gap="xs">
              <Button variant="default" disabled={set.cases === 0} onClick={() => setAsking(true)}>
                {t("run.other")}
              </Button>
              <Button leftSection={<TestIcon size={16} />} loading={start.isPending} disabled={set.cases === 0} onClick={begin}>
                {t("run.begin")}
              </Button>
            </Group>
          )
        }
      >
        {runs.isPending ? <Skeleton h={120} radius="lg" /> : shown ? <RunView key={shown.id} run={shown} runs={runs.data ?? []} set={set} /> : <p className={classes.none}>{t("runs.empty")}</p>}
      </Section>
      {runs.data && runs.data.length > 0 && <RunList flowId={flowId} set={set} runs={runs.data} shown={shown?.id} />}
      {asking && <RunDialog set={set} onBegun={(run) => toSet({ run })} onClose={() => setAsking(false)} />}
      <CaseSection flowId={flowId} set={set} />
    </>
  );
}
