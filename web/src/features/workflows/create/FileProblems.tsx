import { Skeleton, Stack, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import type { JsonObject } from "@/api/json";
import { ErrorCard } from "@/ui/ErrorCard";
import { ProblemList } from "../problems/ProblemList";
import { SHOWN } from "../problems/shown";

const fileChecksQuery = (fileKey: number, flow: JsonObject) =>
  queryOptions({
    queryKey: ["flow-checks", "file", fileKey, flow.objectTypeId],
    queryFn: () => call(api.POST("/penstock/v1/flow-checks", { body: { flow: flow as never, moment: "turn on" } })),
    staleTime: Infinity,
    gcTime: 0,
  });

interface Props {
  document: JsonObject;
  /** Another number for every file that was read. */
  fileKey: number;
  objectTypeId: string;
}

/** What has to be done before the workflow of a file can be turned on. None of it keeps it from being created. */
export function FileProblems({ document, fileKey, objectTypeId }: Props) {
  const { t } = useTranslation("workflows");
  const { data, error, refetch } = useQuery(fileChecksQuery(fileKey, { ...document, objectTypeId }));
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton h={40} />;
  if (data.problems.length === 0) return <Text size="sm">{t("file.fine")}</Text>;
  const hidden = data.problems.length - SHOWN;
  return (
    <Stack gap="xs">
      <Text size="sm">{t("file.problems", { count: data.problems.length })}</Text>
      <ProblemList problems={data.problems.slice(0, SHOWN)} />
      {hidden > 0 && (
        <Text size="xs" c="dimmed">
          {t("problem.further", { count: hidden })}
        </Text>
      )}
    </Stack>
  );
}
