import { Button, Group, Radio, Select, Skeleton, Stack, Text } from "@mantine/core";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ObjectTypeName } from "@/api/object-types";
import { asProblem } from "@/api/problem";
import { propertiesQuery } from "@/api/properties";
import { useSession } from "@/api/session";
import { PropertyDialog } from "@/features/settings/properties/PropertyDialog";
import { useFormats } from "@/i18n/format";
import { ErrorCard } from "@/ui/ErrorCard";
import { type DateFormat, type Mapping, previewImport, type PreviewColumn, startImport } from "../queries/imports";
import classes from "./ImportPage.module.css";
import { doubles, hasDates, mappedCount, suggestedMapping, uniqueChoices } from "./mapping";
import { MappingTable } from "./MappingTable";

interface Props {
  file: File;
  objectType: string;
  type: ObjectTypeName;
  onCancel: () => void;
  onStarted: (importId: string) => void;
}

type Operation = "UPSERT" | "CREATE" | "UPDATE";
const OPERATIONS: readonly Operation[] = ["UPSERT", "CREATE", "UPDATE"];
const DATE_FORMATS: readonly DateFormat[] = ["YEAR_MONTH_DAY", "DAY_MONTH_YEAR", "MONTH_DAY_YEAR"];
const NO_UNIQUE = " none";

/** Where each column of the file goes, and what becomes of records that exist already. */
export function MappingStep({ file, objectType, type, onCancel, onStarted }: Props) {
  const { t } = useTranslation("records");
  const { may } = useSession();
  const formats = useFormats();
  const { data: properties = [] } = useQuery(propertiesQuery(objectType));
  const [dateFormat, setDateFormat] = useState<DateFormat>("YEAR_MONTH_DAY");
  const [chosen, setChosen] = useState<Mapping>();
  const [uniqueChosen, setUniqueChosen] = useState<string>();
  const [operation, setOperation] = useState<Operation>("UPSERT");
  const [creating, setCreating] = useState<PreviewColumn>();

  const preview = useQuery({
    queryKey: ["import-preview", objectType, file.name, file.lastModified, dateFormat, chosen],
    queryFn: () => previewImport(file, objectType, dateFormat, chosen),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const start = useMutation({ mutationFn: startImport, onSuccess: (made) => onStarted(made.id) });
  const first = preview.data;
  const mapping = useMemo(() => chosen ?? (first ? suggestedMapping(first) : {}), [chosen, first]);
  const uniques = uniqueChoices(mapping, properties);
  const suggestedUnique = first?.suggestedUnique && uniques.some((property) => property.name === first.suggestedUnique) ? first.suggestedUnique : undefined;
  const unique = uniqueChosen === NO_UNIQUE ? null : (uniques.find((property) => property.name === uniqueChosen)?.name ?? suggestedUnique ?? uniques[0]?.name ?? null);
  // Contacts are told apart by their address without being asked to, as in HubSpot.
  const mustBeUnique = type.name === "contacts" && Object.values(mapping).includes("email");
  const clash = doubles(mapping);
  const count = mappedCount(mapping);
  const problem = start.error ? asProblem(start.error) : undefined;

  const map = (header: string, property: string | null) => {
    setChosen({ ...mapping, [header]: property });
    start.reset();
  };

  if (preview.error && !first) {
    return (
      <div>
        <ErrorCard error={preview.error} title={t("import.notRead", { name: file.name })} onRetry={() => void preview.refetch()} />
        <Group justify="center">
          <Button variant="subtle" onClick={onCancel}>
            {t("import.otherFile")}
          </Button>
        </Group>
      </div>
    );
  }
  if (!first) return <Skeleton h={360} radius="lg" role="status" aria-label={t("import.reading", { name: file.name })} />;

  return (
    <>
      <section className={classes.card} aria-label={t("import.columns")}>
        <div className={classes.cardHead}>
          <div>
            <h2>{t("import.columns")}</h2>
            <Text size="sm" c="dimmed">
              {t("import.fileSays", { name: file.name, rows: formats.number(first.rowsSampled), count: first.columns.length })}
            </Text>
          </div>
          <Button variant="default" onClick={onCancel}>
            {t("import.otherFile")}
          </Button>
        </div>
        <div className={classes.table}>
          <MappingTable
            preview={first}
            mapping={mapping}
            properties={properties}
            clash={clash}
            mayCreate={may("properties.write")}
            checking={preview.isPlaceholderData}
            onMap={map}
            onCreate={setCreating}
          />
        </div>
      </section>
      <section className={classes.card} aria-label={t("import.existing")}>
        <div className={classes.cardHead}>
          <h2>{t("import.existing")}</h2>
        </div>
        <Stack gap="md" className={classes.cardBody}>
          <Select
            label={t("import.findBy")}
            description={t(uniques.length === 0 ? "import.noUnique" : "import.findByUse")}
            maw={360}
            data={[...uniques.map((property) => ({ value: property.name, label: property.label })), ...(mustBeUnique ? [] : [{ value: NO_UNIQUE, label: t("import.alwaysNew") }])]}
            value={unique ?? NO_UNIQUE}
            onChange={(next) => setUniqueChosen(next ?? undefined)}
          />
          {unique !== null && (
            <Radio.Group label={t("import.operation")} value={operation} onChange={(next) => setOperation(next as Operation)}>
              <Stack gap={6} mt={6}>
                {OPERATIONS.map((one) => (
                  <Radio key={one} value={one} label={t(`import.operations.${one}`)} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {hasDates(mapping, properties) && (
            <Select
              label={t("import.dates")}
              maw={360}
              data={DATE_FORMATS.map((one) => ({ value: one, label: t(`import.dateFormats.${one}`) }))}
              value={dateFormat}
              onChange={(next) => setDateFormat(next as DateFormat)}
            />
          )}
        </Stack>
      </section>
      {problem && (
        <p className={classes.problem} role="alert">
          {problem.message || t("ui:error.unreachableRemedy")}
        </p>
      )}
      <Group justify="flex-end">
        <Text size="sm" c="dimmed" role="status">
          {clash.size > 0 ? t("import.clash") : t("import.mapped", { count, of: first.columns.length })}
        </Text>
        <Button
          loading={start.isPending}
          disabled={count === 0 || clash.size > 0}
          onClick={() => start.mutate({ file, objectTypeId: type.id, mapping, unique, operation: unique === null ? "CREATE" : operation, dateFormat })}
        >
          {t("import.start")}
        </Button>
      </Group>
      {creating && (
        <PropertyDialog
          objectType={objectType}
          start={{ ...creating.newProperty, options: creating.newProperty.type === "enumeration" ? creating.samples : [] }}
          onSaved={(property) => map(creating.header, property.name)}
          onClose={() => setCreating(undefined)}
        />
      )}
    </>
  );
}
