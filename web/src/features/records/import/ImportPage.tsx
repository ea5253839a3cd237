import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjectType } from "@/api/object-types";
import { useSession } from "@/api/session";
import { ImportIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { Page } from "@/ui/Page";
import { DropZone } from "./DropZone";
import classes from "./ImportPage.module.css";
import { ImportProgress } from "./ImportProgress";
import { MappingStep } from "./MappingStep";
import { PastImports } from "./PastImports";

const route = getRouteApi("/app/records/$objectType/import");

/** Brings a CSV file in: choose it, say where its columns go, watch it, and see which rows were bad. */
export function ImportPage() {
  const { t } = useTranslation("records");
  const { objectType } = route.useParams();
  const { id } = route.useSearch();
  const navigate = route.useNavigate();
  const { may } = useSession();
  const type = useObjectType(objectType);
  const [file, setFile] = useState<File>();

  return (
    <Page
      title={t("import.title", { type: type.plural.toLowerCase() })}
      before={
        <Link to="/records/$objectType" params={{ objectType }} className={classes.crumb}>
          {type.plural}
          <span aria-hidden> /</span>
        </Link>
      }
    >
      <div className={classes.page}>
        {id !== undefined ? (
          <ImportProgress key={id} importId={id} objectType={objectType} />
        ) : !may("imports.run") ? (
          <EmptyState icon={<ImportIcon size={24} />} title={t("import.refused")} text={t("import.refusedText")} />
        ) : file ? (
          <MappingStep key={`${file.name}-${file.lastModified}`} file={file} objectType={objectType} type={type} onCancel={() => setFile(undefined)} onStarted={(started) => void navigate({ search: { id: started } })} />
        ) : (
          <DropZone onFile={setFile} />
        )}
        {file === undefined && <PastImports objectType={objectType} typeId={type.id} current={id} />}
      </div>
    </Page>
  );
}
