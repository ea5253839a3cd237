import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { AtCap } from "@/features/spend/caps/AtCap";
import { CapDialog } from "@/features/spend/caps/CapDialog";
import { CapsSection } from "@/features/spend/caps/CapsSection";
import { flowSpendingQuery } from "@/features/spend/caps/queries";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import { Facts } from "@/ui/Facts";
import { LinkButton } from "@/ui/LinkButton";
import { Section } from "@/ui/Section";
import classes from "./FlowSettingsPage.module.css";

interface Props {
  flowId: string;
  nameOf: (actionId: string) => string | undefined;
  /** What the address says is open: `new`, or the id of a cap. */
  opened: string | undefined;
  onOpen: (cap: string | undefined) => void;
}

/** What the workflow spends, the caps that hold for it, its own and those of others, and what happens at one. */
export function FlowSpendingParts({ flowId, nameOf, opened, onOpen }: Props) {
  const { t } = useTranslation("spend");
  const formats = useFormats();
  const { data, error, refetch } = useQuery(flowSpendingQuery(flowId));
  const chosen = data?.caps.find((cap) => cap.id === opened);
  const close = () => onOpen(undefined);
  if (error) return <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />;
  return (
    <>
      <CapsSection caps={data?.caps} explain={t("caps.explainHere")} none={t("caps.noneHolds")} onNew={() => onOpen("new")} onChange={(cap) => onOpen(cap.id)} />
      <Section title={t("caps.atCap.title")} description={t("caps.atCap.explain")}>
        <div className={classes.steps}>{data && <AtCap steps={data.steps} nameOf={nameOf} />}</div>
      </Section>
      <Section
        title={t("caps.spent")}
        actions={
          <LinkButton to="/spend" search={{ flow: flowId }} variant="default">
            {t("caps.more")}
          </LinkButton>
        }
      >
        {data && (
          <Facts
            facts={[
              { name: t("caps.today"), value: formats.money(Number(data.todayUsd)) },
              { name: t("caps.thisMonth"), value: formats.money(Number(data.monthUsd)) },
            ]}
          />
        )}
      </Section>
      {opened === "new" && <CapDialog scope="flow" subjectId={flowId} onClose={close} />}
      {chosen && <CapDialog cap={chosen} onClose={close} />}
    </>
  );
}
