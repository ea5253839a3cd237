import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SearchIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<SearchIcon size={24} />}
      title={t("shell:notFound.title")}
      text={t("shell:notFound.text")}
      action={
        <Button component={Link} to="/workflows">
          {t("shell:notFound.action")}
        </Button>
      }
    />
  );
}
