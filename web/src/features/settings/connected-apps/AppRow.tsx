import { Button, HoverCard, Menu, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { CheckIcon, DeleteIcon, DownIcon, KeyIcon, LimitsIcon, MoneyIcon, RenameIcon, RetryIcon, WarningIcon } from "@/design/icons";
import { ProviderTile, providerTitle } from "@/features/connect/providers";
import { capsQuery } from "@/features/spend/caps/queries";
import { useCapWords } from "@/features/spend/caps/words";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { StatusPill } from "@/ui/StatusPill";
import { say, sayProblem } from "@/ui/toast";
import classes from "./AppRow.module.css";
import { type AppUse, type ConnectedApp, useTestConnection } from "./queries";
import { RenameDialog } from "./RenameDialog";
import { ReplaceKeyDialog } from "./ReplaceKeyDialog";
import { UninstallDialog } from "./UninstallDialog";

type Dialog = "key" | "name" | "uninstall";

interface Props {
  app: ConnectedApp;
  otherNames: readonly string[];
  /** Its use of the last 30 days; undefined while that is not known, or when there was none. */
  use: AppUse | undefined;
}

/** One connected app: what it is, whether it works, what uses it, and what one can do with it. */
export function AppRow({ app, otherNames, use }: Props) {
  const { t } = useTranslation("connections");
  const { may } = useSession();
  const [dialog, setDialog] = useState<Dialog>();
  const formats = useFormats();
  const test = useTestConnection();
  const close = () => setDialog(undefined);
  const broken = app.status === "needs_attention";
  const broke = app.statusCode === "OUT_OF_MONEY";
  const hasKey = app.lastFour !== "";

  const check = () =>
    test.mutate(app, {
      onSuccess: (tested) =>
        tested.status === "connected" ? say(t("test.works", { name: app.name })) : sayProblem(new Error(tested.statusDetail), t("test.fails", { name: app.name })),
      onError: (error) => sayProblem(error, t("test.fails", { name: app.name })),
    });

  return (
    <li className={classes.row} aria-label={app.name}>
      <ProviderTile provider={app.provider} size={36} />
      <div className={classes.what}>
        <Text fw={600} className={classes.name}>
          {app.name}
        </Text>
        <Text size="xs" c="dimmed">
          {providerTitle(app.provider)}
          {app.baseUrl && <span className={classes.address}>{app.baseUrl}</span>}
        </Text>
      </div>
      <div className={classes.state}>
        {test.isPending ? (
          <StatusPill tone="neutral" icon={<RetryIcon aria-hidden />}>
            {t("state.checking")}
          </StatusPill>
        ) : broken ? (
          <StatusPill tone="error" icon={<WarningIcon aria-hidden />}>
            {t("state.attention")}
          </StatusPill>
        ) : (
          <StatusPill tone="success" icon={<CheckIcon aria-hidden />}>
            {t("state.works")}
          </StatusPill>
        )}
        <Text size="xs" c="dimmed">
          {app.verifiedAt ? (
            <>
              {t("state.checked")} <Moment at={app.verifiedAt} relative />
            </>
          ) : (
            t("state.never")
          )}
        </Text>
      </div>
      <div className={classes.key}>
        <Text size="xs" c="dimmed">
          {t("key.label")}
        </Text>
        <Text size="sm" className="mono">
          {hasKey ? t("key.ends", { lastFour: app.lastFour }) : t("key.none")}
        </Text>
      </div>
      <div className={classes.uses}>
        <Text size="xs" c="dimmed">
          {t("uses.label")}
        </Text>
        <FlowsInUse app={app} />
      </div>
      <div className={classes.spend}>
        <Text size="xs" c="dimmed">
          {t("spend.label")}
        </Text>
        <Text size="sm" className="tabular">
          {use ? t("spend.amount", { amount: formats.money(use.costUsd), day: formats.day(use.lastDay) }) : t("spend.none")}
        </Text>
        <CapsOfApp app={app} />
      </div>
      <div className={classes.actions}>
        {may("connections.manage") && (
          <Menu position="bottom-end" width={190}>
            <Menu.Target>
              <Button variant="default" rightSection={<DownIcon size={14} aria-hidden />} aria-label={t("actions.of", { name: app.name })}>
                {t("actions.label")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<RetryIcon size={16} />} onClick={check}>
                {t("actions.test")}
              </Menu.Item>
              {app.provider !== "local" && (
                <Menu.Item leftSection={<KeyIcon size={16} />} onClick={() => setDialog("key")}>
                  {t("actions.replaceKey")}
                </Menu.Item>
              )}
              <Menu.Item leftSection={<LimitsIcon size={16} />} renderRoot={(props) => <Link to="/settings/connected-apps" search={{ limits: app.id }} {...props} />}>
                {t("actions.limits")}
              </Menu.Item>
              <Menu.Item leftSection={<MoneyIcon size={16} />} renderRoot={(props) => <Link to="/spend" search={{ cap: `new-connection-${app.id}` }} {...props} />}>
                {t("actions.cap")}
              </Menu.Item>
              <Menu.Item leftSection={<RenameIcon size={16} />} onClick={() => setDialog("name")}>
                {t("actions.rename")}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<DeleteIcon size={16} />} className={classes.danger} onClick={() => setDialog("uninstall")}>
                {t("actions.uninstall")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      {broken && (
        <div className={classes.problem} role="note">
          <Text size="sm">{app.statusDetail || t("state.attention")}</Text>
          <Text size="sm" c="dimmed">
            {t(broke ? "state.pausedForMoney" : "state.pausedRuns")}
          </Text>
          {may("connections.manage") && broke && (
            <Button variant="default" leftSection={<RetryIcon size={14} />} loading={test.isPending} onClick={check}>
              {t("actions.test")}
            </Button>
          )}
          {may("connections.manage") && app.provider !== "local" && (
            <Button variant="default" leftSection={<KeyIcon size={14} />} onClick={() => setDialog("key")}>
              {t("actions.replaceKey")}
            </Button>
          )}
        </div>
      )}
      {dialog === "key" && <ReplaceKeyDialog app={app} onClose={close} />}
      {dialog === "name" && <RenameDialog app={app} taken={otherNames} onClose={close} />}
      {dialog === "uninstall" && <UninstallDialog app={app} onClose={close} />}
    </li>
  );
}

/** The spending caps of the connection, each leading to where it can be changed. */
function CapsOfApp({ app }: { app: ConnectedApp }) {
  const { t } = useTranslation("connections");
  const words = useCapWords();
  const { data: caps = [] } = useQuery(capsQuery);
  return caps
    .filter((cap) => cap.scope === "connection" && cap.subjectId === app.id)
    .map((cap) => (
      <Link key={cap.id} to="/spend" search={{ cap: cap.id }} className={classes.flow}>
        {t("spend.cap", { limit: words.limit(cap) })}
      </Link>
    ));
}

function FlowsInUse({ app }: { app: ConnectedApp }) {
  const { t } = useTranslation("connections");
  const [first] = app.flows;
  if (!first) return <Text size="sm">{t("uses.none")}</Text>;
  if (app.flows.length === 1) {
    return (
      <Link to="/workflows/$flowId" params={{ flowId: first.id }} className={classes.flow}>
        {first.name || t("flow.unnamed", { id: first.id })}
      </Link>
    );
  }
  return (
    <HoverCard position="bottom-start" shadow="md" withinPortal>
      <HoverCard.Target>
        <button type="button" className={classes.many}>
          {t("uses.count", { count: app.flows.length })}
        </button>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <ul className={classes.flows}>
          {app.flows.map((flow) => (
            <li key={flow.id}>
              <Link to="/workflows/$flowId" params={{ flowId: flow.id }}>
                {flow.name || t("flow.unnamed", { id: flow.id })}
              </Link>
            </li>
          ))}
        </ul>
      </HoverCard.Dropdown>
    </HoverCard>
  );
}
