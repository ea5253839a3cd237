import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { SearchIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import classes from "./NotFound.module.css";

/** In the place of a page whose address leads nowhere. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState
      level={1}
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

/** The same for an address outside of every page, where nothing else makes it the main part. */
export function NothingHere() {
  return (
    <main className={classes.alone}>
      <NotFound />
    </main>
  );
}
