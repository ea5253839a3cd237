import { Group, Select } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { nameOf, usersQuery } from "@/features/settings/users/queries";
import type { AuditSearch } from "./audit-search";
import { auditActionsQuery } from "./queries";
import { useDeeds } from "./words";

interface Props {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}

/** Filters of the log: who, and what was done. They stand in the address, so that a view of the log can be sent on. */
export function AuditFilters({ search, onChange }: Props) {
  const { t } = useTranslation("audit");
  const deeds = useDeeds();
  const { data: actions } = useQuery(auditActionsQuery);
  const { data: users } = useInfiniteQuery(usersQuery);
  const people = users?.pages.flatMap((page) => page.results) ?? [];
  const set = (name: keyof AuditSearch, value: string | null) => {
    const { [name]: _, ...rest } = search;
    onChange(value ? { ...rest, [name]: value } : rest);
  };
  return (
    <Group gap="xs">
      <Select
        aria-label={t("filter.who")}
        placeholder={t("filter.anyone")}
        w={200}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("filter.clear") }}
        value={search.actor ?? null}
        onChange={(value) => set("actor", value)}
        data={[
          { group: t("filter.people"), items: people.map((user) => ({ value: `person:${user.id}`, label: nameOf(user) })) },
          { group: t("filter.others"), items: (["api_token", "cli", "system"] as const).map((value) => ({ value, label: t(`actor.${value}`) })) },
        ]}
      />
      <Select
        aria-label={t("filter.what")}
        placeholder={t("filter.anything")}
        w={240}
        searchable
        clearable
        clearButtonProps={{ "aria-label": t("filter.clear") }}
        value={search.action ?? null}
        onChange={(value) => set("action", value)}
        data={(actions ?? []).map((value) => ({ value, label: deeds(value) }))}
      />
    </Group>
  );
}
