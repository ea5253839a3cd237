import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { asProblem, OUR_MISTAKE } from "@/api/problem";
import { ErrorIcon } from "@/design/icons";
import classes from "./ErrorCard.module.css";

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** What the screen was doing, as a sentence: "The workflows could not be loaded." */
  title?: string;
}

/** A failure in the place of what could not be shown: what happened, what the server said, and a way on. */
export function ErrorCard({ error, onRetry, title }: Props) {
  const { t } = useTranslation();
  const problem = asProblem(error);
  const unreachable = problem.status === 0;
  return (
    <div className={classes.card} role="alert">
      <ErrorIcon className={classes.icon} size={20} aria-hidden />
      <Stack gap={4}>
        <Text fw={600}>{title ?? t(unreachable ? "error.unreachable" : "error.title")}</Text>
        <Text size="sm" c="dimmed">
          {problem.status === OUR_MISTAKE ? t("error.mistake") : problem.message || t("error.unreachableRemedy")}
        </Text>
        {problem.status === OUR_MISTAKE && (
          <Text size="xs" c="dimmed" className="mono">
            {problem.message}
          </Text>
        )}
        {problem.correlationId && (
          <Text size="xs" c="dimmed" className="mono">
            {t("error.reference", { id: problem.correlationId })}
          </Text>
        )}
        {onRetry && (
          <Group mt={8}>
            <Button variant="default" onClick={onRetry}>
              {t("action.retry")}
            </Button>
          </Group>
        )}
      </Stack>
    </div>
  );
}
