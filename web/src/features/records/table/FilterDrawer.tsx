import { Button, Drawer, Group, ScrollArea, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { JsonObject } from "@/api/json";
import type { FilterField } from "@/ui/filter-builder/fields";
import { FilterBuilder } from "@/ui/filter-builder/FilterBuilder";
import { MatchCount } from "@/ui/filter-builder/MatchCount";

interface Props {
  objectType: string;
  filter: JsonObject | null;
  fields: readonly FilterField[];
  onChange: (filter: JsonObject | null) => void;
  onClose: () => void;
}

/** The filter beside the table, which follows while conditions are filled in. */
export function FilterDrawer({ objectType, filter, fields, onChange, onClose }: Props) {
  const { t } = useTranslation("records");
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={460}
      title={<Text fw={600}>{t("filter.title")}</Text>}
      closeButtonProps={{ "aria-label": t("ui:action.close") }}
      overlayProps={{ backgroundOpacity: 0.08 }}
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <FilterBuilder value={filter} onChange={onChange} fields={fields} label={t("filter.title")} footer={<MatchCount objectType={objectType} filter={filter} />} />
      <Group justify="flex-end" mt="lg">
        <Button variant="subtle" color="gray" disabled={filter === null} onClick={() => onChange(null)}>
          {t("filter.clear")}
        </Button>
        <Button onClick={onClose}>{t("filter.done")}</Button>
      </Group>
    </Drawer>
  );
}
