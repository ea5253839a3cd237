import { ActionIcon, Menu, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { DeleteIcon, MoreIcon, RenameIcon } from "@/design/icons";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { say, sayProblem } from "@/ui/toast";
import { BackLink } from "./BackLink";
import { Documents } from "./Documents";
import classes from "./knowledge.module.css";
import { type KnowledgeSetDetail, setQuery, useDeleteSet } from "./queries";
import { SetDialog } from "./SetDialog";
import { TrySearch } from "./TrySearch";

/** One knowledge set: its documents, who answers from it, and a box to try what a text finds. */
export function SetPage() {
  const { t } = useTranslation("knowledge");
  const { setId } = useParams({ from: "/app/settings/knowledge/$setId" });
  const { data: set, error, refetch } = useQuery(setQuery(setId));
  const before = <BackLink to="/settings/knowledge">{t("title")}</BackLink>;
  if (error) {
    return (
      <Page title={t("title")} before={before}>
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      </Page>
    );
  }
  if (!set) {
    return (
      <Page title={t("title")} before={before}>
        <Skeleton h={240} radius="lg" />
      </Page>
    );
  }
  return (
    <Page title={set.name} before={before} description={<Description set={set} />} actions={<Deeds set={set} />}>
      <Documents setId={set.id} />
      {set.documents > 0 && <TrySearch setId={set.id} />}
    </Page>
  );
}

function Description({ set }: { set: KnowledgeSetDetail }) {
  const { t } = useTranslation("knowledge");
  const said = [set.description, t("inLanguage", { language: t(`language.${set.language}`) })].filter((one) => one !== "").join(" · ");
  return (
    <>
      {said}
      {set.usedBy.length > 0 && (
        <span className={classes.uses}>
          {t("usedBy")}{" "}
          {set.usedBy.map((flow, index) => (
            <span key={flow.id}>
              {index > 0 && ", "}
              <Link to="/workflows/$flowId" params={{ flowId: flow.id }}>
                {flow.name || t("unnamed", { id: flow.id })}
              </Link>
            </span>
          ))}
        </span>
      )}
    </>
  );
}

function Deeds({ set }: { set: KnowledgeSetDetail }) {
  const { t } = useTranslation("knowledge");
  const { may } = useSession();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"change" | "delete">();
  const remove = useDeleteSet(set.id);
  if (!may("knowledge.write")) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t("deeds", { name: set.name })}>
            <MoreIcon size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<RenameIcon size={16} />} onClick={() => setOpen("change")}>
            {t("change.open")}
          </Menu.Item>
          <Menu.Item leftSection={<DeleteIcon size={16} />} color="red" onClick={() => setOpen("delete")}>
            {t("ui:action.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === "change" && <SetDialog set={set} onClose={() => setOpen(undefined)} />}
      <ConfirmDialog
        opened={open === "delete"}
        title={t("delete.title", { name: set.name })}
        confirm={t("ui:action.delete")}
        destructive
        busy={remove.isPending}
        onClose={() => setOpen(undefined)}
        onConfirm={() =>
          remove.mutate(undefined, {
            onSuccess: () => {
              say(t("delete.done", { name: set.name }));
              void navigate({ to: "/settings/knowledge" });
            },
            onError: (problem) => {
              setOpen(undefined);
              sayProblem(problem, t("delete.failed"));
            },
          })
        }
      >
        {t("delete.text", { count: set.documents })}
      </ConfirmDialog>
    </>
  );
}
