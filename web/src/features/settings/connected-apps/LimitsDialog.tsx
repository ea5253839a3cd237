import { Button, Modal, NumberInput, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useSession } from "@/api/session";
import { DialogFooter } from "@/ui/DialogFooter";
import { ErrorCard } from "@/ui/ErrorCard";
import { say } from "@/ui/toast";
import { ModelPaces } from "./ModelPaces";
import classes from "./LimitsDialog.module.css";
import { type ConnectedApp, limitsQuery, type OwnLimits, useSetLimits } from "./queries";

interface Props {
  app: ConnectedApp;
  onClose: () => void;
}

const FIELDS = [
  { name: "concurrency", least: 1, most: 10_000 },
  { name: "requestsPerMinute", least: 1, most: 1_000_000 },
  { name: "tokensPerMinute", least: 1_000, most: 2_000_000_000 },
] as const;

/** The owner's limits of a connection, and beside them what the provider says and who waits for a turn. */
export function LimitsDialog({ app, onClose }: Props) {
  const { t } = useTranslation("connections");
  const { data, error, refetch } = useQuery(limitsQuery(app.id));
  return (
    <Modal opened onClose={onClose} size={720} title={<Text fw={600}>{t("limits.title", { name: app.name })}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <Stack>
        <OwnLimitsForm app={app} onClose={onClose}>
          <section aria-label={t("limits.byModel")} className={classes.models}>
            <Text fw={600} size="sm">
              {t("limits.byModel")}
            </Text>
            {error ? <ErrorCard error={error} title={t("limits.loadFailed")} onRetry={() => void refetch()} /> : data ? <ModelPaces models={data.models} /> : <Skeleton h={72} />}
          </section>
        </OwnLimitsForm>
      </Stack>
    </Modal>
  );
}

/** The form around the dialog's other part, so that its buttons stay at the foot. */
function OwnLimitsForm({ app, onClose, children }: Props & { children: React.ReactNode }) {
  const { t } = useTranslation("connections");
  const { may } = useSession();
  const mayChange = may("connections.manage");
  const [limits, setLimits] = useState<OwnLimits>(app);
  const save = useSetLimits();
  const problem = save.error ? asProblem(save.error) : undefined;
  const wrong = FIELDS.some(({ name, least, most }) => {
    const value = limits[name];
    return value === null ? name === "concurrency" : value < least || value > most;
  });
  const same = FIELDS.every(({ name }) => limits[name] === app[name]);

  const submit = () =>
    save.mutate(
      { app, limits: { concurrency: limits.concurrency, requestsPerMinute: limits.requestsPerMinute, tokensPerMinute: limits.tokensPerMinute } },
      {
        onSuccess: () => {
          say(t("limits.done", { name: app.name }));
          onClose();
        },
      },
    );

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong && !same) submit();
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t("limits.explain")}
        </Text>
        <div className={classes.fields}>
          {FIELDS.map(({ name, least, most }, index) => {
            const value = limits[name];
            const out = value !== null && (value < least || value > most);
            return (
              <NumberInput
                key={name}
                label={t(`limits.${name}`)}
                placeholder={name === "concurrency" ? undefined : t("limits.providers")}
                value={value ?? ""}
                onChange={(next) => setLimits({ ...limits, [name]: next === "" ? null : Number(next) })}
                error={problem?.about(name) ?? ((out || (value === null && name === "concurrency")) && t("limits.between", { least, most }))}
                min={least}
                max={most}
                clampBehavior="none"
                allowDecimal={false}
                allowNegative={false}
                thousandSeparator=","
                hideControls={name !== "concurrency"}
                disabled={!mayChange}
                {...(index === 0 && { "data-autofocus": true })}
              />
            );
          })}
        </div>
        {problem && !FIELDS.some(({ name }) => problem.about(name)) && (
          <Text size="sm" c="var(--error)" role="alert">
            {problem.message || t("ui:error.unreachableRemedy")}
          </Text>
        )}
        {children}
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            {t(mayChange ? "ui:action.cancel" : "ui:action.close")}
          </Button>
          {mayChange && (
            <Button type="submit" loading={save.isPending} disabled={wrong || same}>
              {t("limits.submit")}
            </Button>
          )}
        </DialogFooter>
      </Stack>
    </form>
  );
}
