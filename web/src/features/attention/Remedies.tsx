import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import { useSession } from "@/api/session";
import { later } from "@/ui/later";
import { LinkButton } from "@/ui/LinkButton";
import { say, sayProblem } from "@/ui/toast";
import { capsQuery } from "../spend/caps/queries";
import { RemoveCapDialog } from "../spend/caps/RemoveCapDialog";
import { ReplaceKeyDialog } from "../settings/connected-apps/ReplaceKeyDialog";
import { connectedAppsQuery } from "../settings/connected-apps/queries";
import { type Offer, OperationDialog } from "../runs/list/OperationDialog";
import classes from "./AttentionPage.module.css";
import { attentionKey, type Group, type Remedy } from "./queries";

const ReplaceModelDialog = later(async () => (await import("../evals/replacing/ReplaceModelDialog")).ReplaceModelDialog);

const OPERATIONS = { retry_group: "retry", skip_group: "skip", cancel_group: "cancel" } as const;

/**
 * The deeds that help, the best one first and as the button that stands out. What the viewer may not do is left out,
 * and so are paying the provider, which the message asks for (its console is not ours to open), and the workflows of
 * a loop, which the card links to.
 */
export function Remedies({ group }: { group: Group }) {
  const { may } = useSession();
  const allowed = group.remedies.filter((remedy) => !TOLD.has(remedy.kind) && may(PERMISSION[remedy.kind]));
  return (
    <div className={classes.remedies}>
      {allowed.map((remedy, index) => (
        <RemedyButton key={remedy.kind} remedy={remedy} group={group} primary={index === 0} />
      ))}
    </div>
  );
}

const TOLD: ReadonlySet<Remedy["kind"]> = new Set(["fund_account", "open_workflow"]);

const PERMISSION: Record<Remedy["kind"], string> = {
  replace_key: "connections.manage",
  test_connection: "connections.manage",
  fund_account: "connections.manage",
  connect_provider: "connections.manage",
  replace_model: "flows.write",
  choose_model: "flows.write",
  open_step: "flows.read",
  retry_group: "runs.operate",
  skip_group: "runs.operate",
  cancel_group: "runs.operate",
  open_outbox: "outbox.read",
  open_mail_settings: "outbox.read",
  open_import: "records.read",
  go_on_with_loop: "runs.operate",
  dismiss_loop: "runs.operate",
  open_workflow: "flows.read",
  raise_cap: "caps.manage",
  remove_cap: "caps.manage",
  open_caps: "runs.read",
  set_price: "connections.manage",
};

function RemedyButton({ remedy, group, primary }: { remedy: Remedy; group: Group; primary: boolean }) {
  const { t } = useTranslation("attention");
  const [offer, setOffer] = useState<Offer | null>(null);
  const look = { variant: primary ? "filled" : "default" } as const;
  const words = t(`remedy.${remedy.kind}`);
  const { kind, flowId, actionId, errorCode, connectionId, objectType, capId } = remedy;

  if (kind === "retry_group" || kind === "skip_group" || kind === "cancel_group") {
    if (!flowId) return null;
    const wish: Offer = { flowId, operation: OPERATIONS[kind], standing: "FAILED", ...(actionId ? { actionId } : {}), ...(errorCode ? { errorCode } : {}) };
    return (
      <>
        <Button {...look} onClick={() => setOffer(wish)}>
          {words}
        </Button>
        {offer && <OperationDialog offer={offer} onClose={() => setOffer(null)} />}
      </>
    );
  }
  if (kind === "go_on_with_loop" || kind === "dismiss_loop") return remedy.loop ? <LoopButton kind={kind} loop={remedy.loop} primary={primary} /> : null;
  if (kind === "test_connection") return connectionId ? <TestButton connectionId={connectionId} name={group.connectionName ?? ""} primary={primary} /> : null;
  if (kind === "replace_model") return flowId && connectionId && group.model ? <ReplaceModelButton old={group.model} connectionId={connectionId} flowId={flowId} primary={primary} /> : null;
  if (kind === "open_step" || kind === "choose_model") {
    return flowId ? (
      <LinkButton {...look} to="/workflows/$flowId" params={{ flowId }} search={actionId ? { step: actionId } : {}}>
        {words}
      </LinkButton>
    ) : null;
  }
  if (kind === "open_outbox" || kind === "open_mail_settings") {
    return (
      <LinkButton {...look} to="/settings/email">
        {words}
      </LinkButton>
    );
  }
  if (kind === "open_import") {
    return (
      <LinkButton {...look} to="/records/$objectType/import" params={{ objectType: objectType ?? "contacts" }}>
        {words}
      </LinkButton>
    );
  }
  if (kind === "raise_cap" || kind === "open_caps") {
    return (
      <LinkButton {...look} to="/spend" search={capId ? { cap: capId } : {}}>
        {words}
      </LinkButton>
    );
  }
  if (kind === "set_price") {
    return (
      <LinkButton {...look} to="/settings/prices" search={{ set: "new" }}>
        {words}
      </LinkButton>
    );
  }
  if (kind === "remove_cap") return capId ? <RemoveCapButton capId={capId} /> : null;
  if (kind === "replace_key") return connectionId ? <ReplaceKeyButton connectionId={connectionId} primary={primary} /> : null;
  return (
    <LinkButton {...look} to="/settings/connected-apps" search={{ connect: true }}>
      {words}
    </LinkButton>
  );
}

/** Opens the dialog that tries another model in the draft, with the evals of both. */
function ReplaceModelButton({ primary, ...ending }: { old: string; connectionId: string; flowId: string; primary: boolean }) {
  const { t } = useTranslation("attention");
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant={primary ? "filled" : "default"} onClick={() => setAsking(true)}>
        {t("remedy.replace_model")}
      </Button>
      {asking && <ReplaceModelDialog {...ending} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Opens the dialog of connected apps, which has the provider check the key before the old one goes. */
function ReplaceKeyButton({ connectionId, primary }: { connectionId: string; primary: boolean }) {
  const { t } = useTranslation("attention");
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { data } = useQuery({ ...connectedAppsQuery, enabled: asking });
  const app = data?.find((one) => one.id === connectionId);
  return (
    <>
      <Button variant={primary ? "filled" : "default"} loading={asking && data === undefined} onClick={() => setAsking(true)}>
        {t("remedy.replace_key")}
      </Button>
      {asking && app && (
        <ReplaceKeyDialog
          app={app}
          onClose={() => {
            setAsking(false);
            void client.invalidateQueries({ queryKey: attentionKey });
          }}
        />
      )}
    </>
  );
}

/** Opens the dialog that says what removing the cap means. */
function RemoveCapButton({ capId }: { capId: string }) {
  const { t } = useTranslation("attention");
  const [asking, setAsking] = useState(false);
  const { data } = useQuery({ ...capsQuery, enabled: asking });
  const cap = data?.find((one) => one.id === capId);
  return (
    <>
      <Button variant="default" loading={asking && data === undefined} onClick={() => setAsking(true)}>
        {t("remedy.remove_cap")}
      </Button>
      {asking && cap && <RemoveCapDialog cap={cap} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Lets the records of a loop go on where they were stopped, or leaves it at that. */
function LoopButton({ kind, loop, primary }: { kind: "go_on_with_loop" | "dismiss_loop"; loop: string; primary: boolean }) {
  const { t } = useTranslation("attention");
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: async () => {
      if (kind === "dismiss_loop") return (await call(api.POST("/penstock/v1/stopped-loops/dismissals", { body: { loop } }))).records;
      return (await call(api.POST("/penstock/v1/stopped-loops/continuations", { body: { loop } }))).enrolled;
    },
    onSuccess: (records) => say(t(`loop.${kind}`, { count: records })),
    onError: (error) => sayProblem(error),
    onSettled: () => client.invalidateQueries({ queryKey: attentionKey }),
  });
  return (
    <Button variant={primary ? "filled" : "default"} loading={act.isPending} onClick={() => act.mutate()}>
      {t(`remedy.${kind}`)}
    </Button>
  );
}

/** Asks the provider on the spot; when it accepts the key, the runs go on by themselves. */
function TestButton({ connectionId, name, primary }: { connectionId: string; name: string; primary: boolean }) {
  const { t } = useTranslation("attention");
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: () => call(api.POST("/penstock/v1/connections/{connectionId}/test", { params: { path: { connectionId } } })),
    onSuccess: () => say(t("tested", { name })),
    onError: (error) => sayProblem(error, t("testFailed", { name })),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: attentionKey });
      await client.invalidateQueries({ queryKey: ["connections"] });
    },
  });
  return (
    <Button variant={primary ? "filled" : "default"} loading={test.isPending} onClick={() => test.mutate()}>
      {t("remedy.test_connection")}
    </Button>
  );
}
