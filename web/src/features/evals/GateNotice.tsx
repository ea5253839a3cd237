import { Alert, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { WarningIcon } from "@/design/icons";
import { gateQuery } from "./queries";

interface Props {
  flowId: string;
  /** What goes live: the draft where there is one, or what is live already. */
  revision?: "live";
  reason: string;
  onReason: (reason: string) => void;
}

/** Says that evals refuse to let a workflow go live, and takes the reason for doing it all the same. Nothing when they let it. */
export function GateNotice({ flowId, revision, reason, onReason }: Props) {
  const { t } = useTranslation("evals");
  const { data } = useQuery(gateQuery(flowId, revision));
  if (!data || data.opens) return null;
  return (
    <Alert color="yellow" icon={<WarningIcon />} title={t("gate.refuses")}>
      <Stack gap="sm">
        {data.verdicts
          .filter(({ code }) => code !== "OPEN")
          .map((verdict) => (
            <Text key={verdict.evalSetId} size="sm">
              <Link to="/workflows/$flowId/evals" params={{ flowId }} search={{ set: verdict.evalSetId }}>
                {verdict.name}
              </Link>
              {": "}
              {verdict.message} {verdict.remedy}
            </Text>
          ))}
        <Textarea label={t("gate.override")} description={t("gate.overrideHint")} value={reason} maxLength={1000} autosize minRows={2} onChange={(event) => onReason(event.currentTarget.value)} />
      </Stack>
    </Alert>
  );
}

/** Whether evals refuse to let a workflow go live; undefined until that is known. */
export function useGateRefuses(flowId: string, revision?: "live"): boolean | undefined {
  const { data } = useQuery(gateQuery(flowId, revision));
  return data && !data.opens;
}
