import { Button, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { PlusIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { AtCap } from "./AtCap";
import { CapDialog } from "./CapDialog";
import classes from "./caps.module.css";
import { flowSpendingQuery } from "./queries";
import { Used } from "./Used";
import { useCapWords } from "./words";

interface Props {
  flowId: string;
  nameOf: (actionId: string) => string | undefined;
}

/** In short: what a workflow spent today, the caps that hold for it with the tightest first, and what happens there. */
export function HoldingCaps({ flowId, nameOf }: Props) {
  const { t } = useTranslation("spend");
  const { may } = useSession();
  const formats = useFormats();
  const words = useCapWords();
  const { data, error } = useQuery(flowSpendingQuery(flowId));
  const [setting, setSetting] = useState(false);
  if (error) return null;
  if (!data) return <Skeleton h={40} />;
  return (
    <>
      <Text size="sm">{t("caps.spentHere", { today: formats.money(Number(data.todayUsd)), month: formats.money(Number(data.monthUsd)) })}</Text>
      {data.caps.length === 0 ? (
        <p className={classes.none}>{t("caps.noneHolds")}</p>
      ) : (
        <ul className={classes.holding} aria-label={t("caps.holding")}>
          {data.caps.map((cap) => (
            <li key={cap.id}>
              <span>
                {words.limit(cap)} <span className={classes.quiet}>{words.whose(cap)}</span>
              </span>
              <Used cap={cap} />
            </li>
          ))}
        </ul>
      )}
      {data.caps.length > 0 && <AtCap steps={data.steps} nameOf={nameOf} />}
      {may("caps.manage") && (
        <div>
          <Button variant="default" size="compact-sm" leftSection={<PlusIcon size={14} />} onClick={() => setSetting(true)}>
            {t("caps.new")}
          </Button>
        </div>
      )}
      {setting && <CapDialog scope="flow" subjectId={flowId} onClose={() => setSetting(false)} />}
    </>
  );
}
