import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { FolderIcon, WorkflowsIcon } from "@/design/icons";
import classes from "./Folders.module.css";
import type { ListSearch } from "./search";

/** The folders of the list, as places to go to. */
export function Folders({ folders, search }: { folders: readonly string[]; search: ListSearch }) {
  const { t } = useTranslation("workflows");
  const shown = search.folder && !folders.includes(search.folder) ? [...folders, search.folder] : folders;
  const places = [
    { folder: undefined, label: t("folder.all"), icon: <WorkflowsIcon size={15} aria-hidden /> },
    ...shown.map((folder) => ({ folder, label: folder, icon: <FolderIcon size={15} aria-hidden /> })),
    { folder: "", label: t("folder.none"), icon: <FolderIcon size={15} aria-hidden /> },
  ];
  return (
    <nav className={classes.folders} aria-label={t("folder.label")}>
      {places.map(({ folder, label, icon }) => (
        <Link
          key={folder ?? "\u0000"}
          from="/workflows"
          to="/workflows"
          search={(now) => ({ ...now, folder })}
          className={classes.folder}
          aria-current={search.folder === folder ? "page" : undefined}
          data-current={search.folder === folder}
          // The router would mark every link to this page as the current one.
          activeProps={{ "aria-current": search.folder === folder ? "page" : undefined }}
        >
          {icon}
          <span className={classes.name}>{label}</span>
        </Link>
      ))}
    </nav>
  );
}
