import { Button, CloseButton, Menu, SegmentedControl, Select, Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useObjectTypes } from "@/api/object-types";
import { propertiesQuery, propertyGroupsQuery } from "@/api/properties";
import { useSession } from "@/api/session";
import { CustomObjectIcon, DownIcon, PlusIcon, PropertiesIcon, SearchIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorCard } from "@/ui/ErrorCard";
import { Page } from "@/ui/Page";
import { Withheld } from "@/ui/Withheld";
import { CreateObjectTypeDialog } from "./CreateObjectTypeDialog";
import { groupsOf } from "./property-groups";
import classes from "./PropertiesPage.module.css";
import type { PropertiesSearch } from "./properties-search";
import { PropertyDialog } from "./PropertyDialog";
import { PropertyTable } from "./PropertyTable";
import { archivedPropertiesQuery } from "./queries";
import { usesQuery } from "./uses";

const route = getRouteApi("/app/settings/properties");

/** Settings > Properties and objects: what records of each type can hold. */
export function PropertiesPage() {
  const { t } = useTranslation("properties");
  const { may } = useSession();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const types = useObjectTypes();
  const objectType = search.objectType ?? "contacts";
  const { data: live, error, refetch } = useQuery(propertiesQuery(objectType));
  const { data: archived } = useQuery({ ...archivedPropertiesQuery(objectType), enabled: search.archived === true });
  const { data: groups } = useQuery(propertyGroupsQuery(objectType));
  const { data: uses } = useQuery(usesQuery(objectType));
  const properties = search.archived ? archived : live;
  const shown = useMemo(() => groupsOf(properties ?? [], groups ?? [], search.search ?? "", t("otherGroup")), [properties, groups, search.search, t]);
  const mayWrite = may("properties.write");
  const set = (part: PropertiesSearch) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  const edited = search.property === undefined ? undefined : live?.find((property) => property.name === search.property);

  const createProperty = (
    <Button leftSection={<PlusIcon size={14} aria-hidden />} onClick={() => set({ create: "property" })}>
      {t("create.title")}
    </Button>
  );
  const create = mayWrite ? (
    <Button.Group>
      {createProperty}
      <Menu position="bottom-end">
        <Menu.Target>
          <Button px={8} aria-label={t("create.more")} className={classes.more}>
            <DownIcon size={14} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<CustomObjectIcon size={16} />} onClick={() => set({ create: "objectType" })}>
            {t("objectType.create")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  ) : (
    <Withheld because={t("refused")}>{createProperty}</Withheld>
  );

  return (
    <Page title={t("title")} description={t("description")} actions={create}>
      <div className={classes.bar}>
        <Select
          aria-label={t("objectType.label")}
          data={types.map((type) => ({ value: type.name, label: type.plural }))}
          value={objectType}
          onChange={(next) => set({ objectType: next ?? undefined, property: undefined })}
          w={180}
        />
        <TextInput
          type="search"
          className={classes.search}
          placeholder={t("search")}
          aria-label={t("search")}
          leftSection={<SearchIcon size={14} aria-hidden />}
          rightSection={search.search !== undefined && <CloseButton size="xs" aria-label={t("clearSearch")} onClick={() => set({ search: undefined })} />}
          value={search.search ?? ""}
          onChange={(event) => set({ search: event.currentTarget.value || undefined })}
        />
        <SegmentedControl
          aria-label={t("which")}
          value={search.archived ? "archived" : "live"}
          onChange={(next) => set({ archived: next === "archived" || undefined })}
          data={[
            { value: "live", label: t("live") },
            { value: "archived", label: t("archived.title") },
          ]}
        />
      </div>
      {error && !live ? (
        <ErrorCard error={error} title={t("loadFailed")} onRetry={() => void refetch()} />
      ) : properties === undefined ? (
        <Skeleton h={320} radius="lg" />
      ) : shown.length === 0 ? (
        <EmptyState icon={<PropertiesIcon size={24} />} title={t(search.archived ? "archived.none" : "noneFound")} text={t(search.archived ? "archived.text" : "noneFoundText")} />
      ) : (
        shown.map((group) => (
          <PropertyTable
            key={group.name}
            objectType={objectType}
            group={group}
            uses={uses}
            archived={search.archived === true}
            mayWrite={mayWrite}
            onEdit={(property) => set({ property: property.name })}
          />
        ))
      )}
      {edited && <PropertyDialog key={edited.name} objectType={objectType} property={edited} onClose={() => set({ property: undefined })} />}
      {search.create === "property" && <PropertyDialog objectType={objectType} onClose={() => set({ create: undefined })} />}
      {search.create === "objectType" && (
        <CreateObjectTypeDialog onClose={() => set({ create: undefined })} onCreated={(name) => set({ create: undefined, objectType: name })} />
      )}
    </Page>
  );
}
