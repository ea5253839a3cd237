import { ActionIcon, Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DeleteIcon, MoreIcon, RenameIcon } from "@/design/icons";
import { ProviderTile, providerTitle } from "@/features/connect/providers";
import { useFormats } from "@/i18n/format";
import { Moment } from "@/ui/Moment";
import { SimpleTable } from "@/ui/SimpleTable";
import classes from "./prices.module.css";
import type { OwnPrice } from "./queries";

interface Props {
  prices: readonly OwnPrice[] | undefined;
  mayManage: boolean;
  onChange: (price: OwnPrice) => void;
  onRemove: (price: OwnPrice) => void;
}

/** The stated prices, each above what the list says. */
export function PriceTable({ prices, mayManage, onChange, onRemove }: Props) {
  const { t } = useTranslation("prices");
  const formats = useFormats();
  const money = (usd: string) => formats.money(Number(usd));
  return (
    <SimpleTable<OwnPrice>
      label={t("stated")}
      minWidth={760}
      rows={prices}
      rowKey={(price) => `${price.provider}/${price.model}`}
      columns={[
        {
          title: t("column.model"),
          cell: (price) => (
            <div className={classes.model}>
              <ProviderTile provider={price.provider} />
              <div>
                <div className={classes.name}>{price.model}</div>
                <div className={classes.listed}>
                  {providerTitle(price.provider)}
                  {price.listed === null && ` · ${t("unlisted")}`}
                </div>
              </div>
            </div>
          ),
        },
        { title: t("column.input"), align: "end", width: "110px", cell: (price) => <Beside own={money(price.inputUsd)} listed={price.listed && money(price.listed.inputUsd)} /> },
        {
          title: t("column.cached"),
          align: "end",
          width: "110px",
          cell: (price) => <Beside own={price.cachedInputUsd === null ? t("asInput") : money(price.cachedInputUsd)} listed={price.listed && money(price.listed.cachedInputUsd)} />,
        },
        { title: t("column.output"), align: "end", width: "110px", cell: (price) => <Beside own={money(price.outputUsd)} listed={price.listed && money(price.listed.outputUsd)} /> },
        {
          title: t("column.batch"),
          align: "end",
          width: "110px",
          cell: (price) => {
            const listed = price.listed?.batchFactor ?? null;
            if (price.batchFactor === null) return listed === null ? <span className={classes.listed}>–</span> : <Beside own={t("asProvider")} listed={formats.percent(Number(listed))} />;
            return <Beside own={formats.percent(Number(price.batchFactor))} listed={listed === null ? null : formats.percent(Number(listed))} />;
          },
        },
        {
          title: t("column.since"),
          width: "150px",
          cell: (price) => (
            <>
              <Moment at={price.setAt} relative />
              <div className={classes.listed}>{price.setBy}</div>
            </>
          ),
        },
        {
          title: "",
          width: "52px",
          cell: (price) =>
            mayManage && (
              <Menu position="bottom-end" width={220}>
                <Menu.Target>
                  <ActionIcon variant="subtle" color="gray" aria-label={t("actions", { model: price.model })}>
                    <MoreIcon size={16} />
                  </ActionIcon>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item leftSection={<RenameIcon size={16} />} onClick={() => onChange(price)}>
                    {t("change")}
                  </Menu.Item>
                  <Menu.Item leftSection={<DeleteIcon size={16} />} className={classes.danger} onClick={() => onRemove(price)}>
                    {t("remove")}
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            ),
        },
      ]}
    />
  );
}

function Beside({ own, listed }: { own: string; listed: string | null }) {
  const { t } = useTranslation("prices");
  return (
    <div className="tabular">
      {own}
      {listed !== null && <div className={classes.listed}>{t("list", { price: listed })}</div>}
    </div>
  );
}
