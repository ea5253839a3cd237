import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Moment } from "@/ui/Moment";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill, type Tone } from "@/ui/StatusPill";
import { type ApiToken, stateOf, type TokenState } from "./queries";

const TONE: Record<TokenState, Tone> = { active: "success", expired: "warning", revoked: "neutral" };

interface Props {
  tokens: readonly ApiToken[] | undefined;
  onRevoke: (token: ApiToken) => void;
}

/** The tokens, each with its end, its role and its last use. */
export function TokenTable({ tokens, onRevoke }: Props) {
  const { t } = useTranslation("tokens");
  return (
    <SimpleTable<ApiToken>
      label={t("issued")}
      minWidth={780}
      rows={tokens}
      rowKey={(token) => token.id}
      columns={[
        {
          title: t("column.name"),
          cell: (token) => (
            <>
              <Text size="sm" fw={500}>
                {token.name}
              </Text>
              <Text size="xs" c="dimmed" className="mono">
                {t("ends", { lastFour: token.lastFour })}
              </Text>
            </>
          ),
        },
        { title: t("column.role"), width: "120px", cell: (token) => t(`users:role.${token.role}.name`) },
        { title: t("column.state"), width: "110px", cell: (token) => <StatusPill tone={TONE[stateOf(token)]}>{t(`state.${stateOf(token)}`)}</StatusPill> },
        {
          title: t("column.lastUse"),
          width: "130px",
          cell: (token) => (token.lastUsedAt ? <Moment at={token.lastUsedAt} relative /> : <Text size="sm" c="dimmed">{t("neverUsed")}</Text>),
        },
        {
          title: t("column.expires"),
          width: "170px",
          cell: (token) => (token.expiresAt ? <Moment at={token.expiresAt} /> : <Text size="sm" c="dimmed">{t("neverExpires")}</Text>),
        },
        {
          title: "",
          width: "100px",
          align: "end",
          cell: (token) =>
            stateOf(token) !== "revoked" && (
              <Button variant="default" aria-label={t("revoke.of", { name: token.name })} onClick={() => onRevoke(token)}>
                {t("revoke.open")}
              </Button>
            ),
        },
      ]}
    />
  );
}
