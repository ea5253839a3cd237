import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** A page of rows that is on its way. Lists that know their shape draw their own. */
export function PageSkeleton() {
  const { t } = useTranslation();
  return (
    <Stack p="lg" gap="sm" role="status" aria-label={t("state.loading")}>
      <Skeleton h={28} w={220} />
      <Skeleton h={36} mt="sm" />
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} h={32} />
      ))}
    </Stack>
  );
}
