import { Button, Checkbox, Input, Modal, NumberInput, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { useSession } from "@/api/session";
import { connectedAppsQuery } from "@/features/settings/connected-apps/queries";
import { DialogFooter } from "@/ui/DialogFooter";
import { say } from "@/ui/toast";
import { type Cap, flowsToCapQuery, type Period, type Scope, useSetCap } from "./queries";
import { Used } from "./Used";
import { useCapWords } from "./words";

interface Props {
  /** The cap to change; undefined sets a new one. */
  cap?: Cap | undefined;
  /** Whose a new one is to be, where that is known. */
  scope?: Scope | undefined;
  subjectId?: string | undefined;
  onClose: () => void;
}

const SCOPES: readonly Scope[] = ["workspace", "flow", "run", "connection"];
const PERIODS: readonly Period[] = ["day", "month", "total"];
const MOST_USD = 1_000_000;

/** Sets a cap or changes its limit. */
export function CapDialog({ cap, scope: known = "workspace", subjectId: ofKnown, onClose }: Props) {
  const { t } = useTranslation("spend");
  const words = useCapWords();
  const { may } = useSession();
  const mayManage = may("caps.manage");
  const [scope, setScope] = useState<Scope>(cap?.scope ?? known);
  const [subjectId, setSubjectId] = useState<string | null>(cap?.subjectId ?? ofKnown ?? null);
  const [period, setPeriod] = useState<Period>(cap?.period ?? "month");
  const [limit, setLimit] = useState<number | string>(cap ? Number(cap.limitUsd) : "");
  const [alerts, setAlerts] = useState(cap?.alerts ?? true);
  const save = useSetCap();
  const problem = save.error ? asProblem(save.error) : undefined;
  const about = problem?.about("limitUsd") ?? (problem && (problem.message || t("ui:error.unreachableRemedy")));
  const ready = limit !== "" && Number(limit) >= 0 && Number(limit) <= MOST_USD && (scope === "workspace" || subjectId !== null);

  const submit = () =>
    save.mutate(
      { scope, period: scope === "run" ? "total" : period, limitUsd: String(limit), alerts, ...(scope !== "workspace" && { subjectId }) },
      {
        onSuccess: (made) => {
          say(t("caps.set", { limit: words.limit(made), whose: words.whose(made) }));
          onClose();
        },
      },
    );

  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{t(cap ? "caps.changeTitle" : "caps.newTitle")}</Text>} closeButtonProps={{ "aria-label": t("ui:action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && mayManage) submit();
        }}
      >
        <Stack>
          {cap ? (
            <>
              <Text size="sm">{t("caps.changing", { limit: words.limit(cap), whose: words.whose(cap) })}</Text>
              <Used cap={cap} />
            </>
          ) : (
            <>
              <Select
                label={t("caps.for")}
                data-autofocus={ofKnown === undefined || undefined}
                allowDeselect={false}
                data={SCOPES.map((value) => ({ value, label: t(`caps.scope.${value}`) }))}
                value={scope}
                onChange={(next) => {
                  setScope(next ?? "workspace");
                  if ((next === "connection") !== (scope === "connection")) setSubjectId(null);
                }}
              />
              {(scope === "flow" || scope === "run") && <FlowSelect value={subjectId} onChange={setSubjectId} />}
              {scope === "connection" && <AppSelect value={subjectId} onChange={setSubjectId} />}
              {scope !== "run" && (
                <Input.Wrapper label={t("caps.in")} labelElement="div">
                  <SegmentedControl fullWidth aria-label={t("caps.in")} data={PERIODS.map((value) => ({ value, label: t(`caps.period.${value}`) }))} value={period} onChange={(next) => setPeriod(next as Period)} />
                </Input.Wrapper>
              )}
            </>
          )}
          <NumberInput
            label={t("caps.most")}
            description={t("caps.mostHelp")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            prefix="$"
            decimalScale={8}
            allowNegative={false}
            thousandSeparator=","
            min={0}
            max={MOST_USD}
            clampBehavior="none"
            hideControls
            value={limit}
            onChange={setLimit}
            error={about ?? (Number(limit) > MOST_USD && t("caps.tooMuch"))}
            disabled={!mayManage}
            data-autofocus={cap !== undefined || ofKnown !== undefined || undefined}
          />
          <Checkbox label={t("caps.alerts")} description={t(scope === "run" ? "caps.alertsOfRuns" : "caps.alertsHelp")} checked={alerts} onChange={(event) => setAlerts(event.currentTarget.checked)} disabled={!mayManage} />
          <DialogFooter>
            <Button variant="default" onClick={onClose}>
              {t(mayManage ? "ui:action.cancel" : "ui:action.close")}
            </Button>
            {mayManage && (
              <Button type="submit" loading={save.isPending} disabled={!ready}>
                {t(cap ? "caps.saveChange" : "caps.new")}
              </Button>
            )}
          </DialogFooter>
        </Stack>
      </form>
    </Modal>
  );
}

interface Choice {
  value: string | null;
  onChange: (id: string | null) => void;
}

function FlowSelect({ value, onChange }: Choice) {
  const { t } = useTranslation("spend");
  const [sought, setSought] = useState("");
  const [words] = useDebouncedValue(sought, 200);
  const { data = [] } = useQuery(flowsToCapQuery(words));
  return (
    <Select
      label={t("workflow")}
      placeholder={t("caps.chooseFlow")}
      searchable
      data={data.map((flow) => ({ value: flow.id, label: flow.name || t("unnamed", { id: flow.id }) }))}
      filter={({ options }) => options}
      searchValue={sought}
      onSearchChange={setSought}
      value={value}
      onChange={onChange}
    />
  );
}

function AppSelect({ value, onChange }: Choice) {
  const { t } = useTranslation("spend");
  const { data = [] } = useQuery(connectedAppsQuery);
  return <Select label={t("groups.connection")} placeholder={t("caps.chooseApp")} searchable data={data.map((app) => ({ value: app.id, label: app.name }))} value={value} onChange={onChange} />;
}
