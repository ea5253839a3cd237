import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useObjectTypes } from "@/api/object-types";
import classes from "./tabs.module.css";

/** The object types of the workspace, custom ones too. */
export function ObjectTypeTabs({ current }: { current: string }) {
  const { t } = useTranslation("records");
  const types = useObjectTypes();
  return (
    <nav aria-label={t("types")} className={classes.types}>
      {types.map((type) => (
        <Link
          key={type.name}
          to="/records/$objectType"
          params={{ objectType: type.name }}
          search={{}}
          className={classes.type}
          aria-current={type.name === current || type.id === current ? "page" : undefined}
          activeProps={{}}
        >
          {type.plural}
        </Link>
      ))}
    </nav>
  );
}
