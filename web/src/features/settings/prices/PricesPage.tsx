import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { MoneyIcon, PlusIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { Section } from "@/ui/Section";
import { Withheld } from "@/ui/Withheld";
import { PriceDialog } from "./PriceDialog";
import { PriceTable } from "./PriceTable";
import { type OwnPrice, ownPricesQuery } from "./queries";
import { RemovePriceDialog } from "./RemovePriceDialog";

/** Settings > Integrations > Model prices: what models cost here, where that is not what the list says. */
export function PricesPage() {
  const { t } = useTranslation("prices");
  const { may } = useSession();
  const { data: prices, error, refetch } = useQuery(ownPricesQuery);
  const { set } = useSearch({ from: "/app/settings/prices" });
  const navigate = useNavigate({ from: "/settings/prices" });
  const [removing, setRemoving] = useState<OwnPrice>();
  const mayManage = may("connections.manage");
  const open = (what: string | undefined) => void navigate({ search: what === undefined ? {} : { set: what }, replace: what === undefined });
  const changed = prices?.find((price) => `${price.provider}/${price.model}` === set);

  const state = (
    <Withheld because={!mayManage && t("refused")}>
      <Button leftSection={<PlusIcon size={14} />} onClick={() => open("new")}>
        {t("new")}
      </Button>
    </Withheld>
  );
  return (
    <Page title={t("title")} description={t("description")} actions={prices && prices.length > 0 && state}>
      {error ? (
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      ) : prices?.length === 0 ? (
        <EmptyState icon={<MoneyIcon size={24} />} title={t("empty.title")} text={t("empty.text")} action={state} />
      ) : (
        <Section title={t("stated")} description={t("statedHint")}>
          <PriceTable prices={prices} mayManage={mayManage} onChange={(price) => open(`${price.provider}/${price.model}`)} onRemove={setRemoving} />
        </Section>
      )}
      {prices && set !== undefined && (set === "new" || set.includes("/")) && mayManage && <PriceDialog key={set} price={changed} wanted={set} onClose={() => open(undefined)} />}
      {removing && <RemovePriceDialog price={removing} onClose={() => setRemoving(undefined)} />}
    </Page>
  );
}
