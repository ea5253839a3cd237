import { Button, Modal, NumberInput, Select, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import { useSession } from "@/api/session";
import { DialogFooter } from "@/ui/DialogFooter";
import { ErrorCard } from "@/ui/ErrorCard";
import { say, sayProblem } from "@/ui/toast";
import { keepingQuery } from "../queries";
import classes from "./LogsDialog.module.css";

type Keeping = components["schemas"]["LogKeepingShape"];
const PARTS = ["prompts", "replies", "outputs"] as const;
const WAYS = ["forever", "days", "never"] as const;
const USUAL_DAYS = 30;

/** How long the logs of a workflow keep what its LLM steps sent and got. */
export function LogsDialog({ flowId, onClose }: { flowId: string; onClose: () => void }) {
  const { t } = useTranslation("runs");
  const { data, error, refetch } = useQuery(keepingQuery(flowId));
  return (
    <Modal opened onClose={onClose} size={560} title={<Text fw={600}>{t("logs.title")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      {error ? <ErrorCard error={error} title={t("logs.loadFailed")} onRetry={() => void refetch()} /> : data && <Form flowId={flowId} now={data} onClose={onClose} />}
    </Modal>
  );
}

function Form({ flowId, now, onClose }: { flowId: string; now: Keeping; onClose: () => void }) {
  const { t } = useTranslation("runs");
  const { may } = useSession();
  const client = useQueryClient();
  const [wanted, setWanted] = useState(now);
  const mayChange = may("flows.publish");
  const save = useMutation({
    mutationFn: () => call(api.PUT("/penstock/v1/flows/{flowId}/log-keeping", { params: { path: { flowId } }, body: wanted })),
    onSuccess: (kept) => {
      client.setQueryData(keepingQuery(flowId).queryKey, kept);
      say(t("logs.saved"));
      onClose();
    },
    onError: (problem) => sayProblem(problem),
  });
  const shorter = PARTS.some((part) => (wanted[part] ?? Infinity) < (now[part] ?? Infinity));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("logs.explain")}
        </Text>
        {PARTS.map((part) => (
          <Part key={part} name={t(`logs.${part}`)} hint={t(`logs.${part}Hint`)} days={wanted[part]} disabled={!mayChange} onChange={(days) => setWanted({ ...wanted, [part]: days })} />
        ))}
        {shorter && (
          <Text size="sm" role="note">
            {t("logs.shorter")}
          </Text>
        )}
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            {t("ui:action.cancel")}
          </Button>
          {mayChange && (
            <Button type="submit" loading={save.isPending}>
              {t("ui:action.save")}
            </Button>
          )}
        </DialogFooter>
      </Stack>
    </form>
  );
}

interface PartProps {
  name: string;
  hint: string;
  days: number | null;
  disabled: boolean;
  onChange: (days: number | null) => void;
}

function Part({ name, hint, days, disabled, onChange }: PartProps) {
  const { t } = useTranslation("runs");
  const way = days === null ? "forever" : days === 0 ? "never" : "days";
  return (
    <div className={classes.part}>
      <Select
        label={name}
        description={hint}
        className={classes.way}
        data={WAYS.map((value) => ({ value, label: t(`logs.${value}`) }))}
        value={way}
        onChange={(next) => onChange(next === "forever" ? null : next === "never" ? 0 : USUAL_DAYS)}
        allowDeselect={false}
        disabled={disabled}
      />
      {way === "days" && (
        <NumberInput label={t("logs.howMany")} aria-label={t("logs.daysOf", { part: name })} className={classes.days} value={days ?? USUAL_DAYS} onChange={(next) => onChange(Math.min(3650, Math.max(1, Number(next) || 1)))} min={1} max={3650} allowDecimal={false} disabled={disabled} />
      )}
    </div>
  );
}
