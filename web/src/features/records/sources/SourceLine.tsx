import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { AiIcon, ContactIcon, ImportIcon, KeyIcon, ServerIcon, WorkflowsIcon } from "@/design/icons";
import type { Source } from "../contract";
import { useSourceText } from "./source-text";
import classes from "./SourceLine.module.css";

interface Props {
  source: Source;
  objectType: string;
}

/** Who wrote something, with an icon for the kind; leads to the run or the import where there is one. */
export function SourceLine({ source, objectType }: Props) {
  const { t } = useTranslation("records");
  const words = useSourceText()(source);
  const { workflow } = source;
  const named =
    workflow?.runId != null ? (
      <Link to="/runs/$runId" params={{ runId: workflow.runId }}>
        {words}
      </Link>
    ) : source.kind === "workflow" && workflow ? (
      <Link to="/workflows/$flowId" params={{ flowId: workflow.flowId }}>
        {words}
      </Link>
    ) : source.kind === "import" && source.id !== "" ? (
      <Link to="/records/$objectType/import" params={{ objectType }} search={{ id: source.id }}>
        {words}
      </Link>
    ) : (
      <span>{words}</span>
    );
  return (
    <span className={classes.line}>
      <SourceIcon source={source} />
      {named}
      {source.undoOf && <span className={classes.note}>{t("source.undo")}</span>}
      {source.bulkEditId && <span className={classes.note}>{t("source.bulkEdit")}</span>}
    </span>
  );
}

export function SourceIcon({ source }: { source: Source }) {
  const shared = { size: 14, "aria-hidden": true, className: classes.icon } as const;
  switch (source.kind) {
    case "workflow":
      return source.workflow?.model ? <AiIcon {...shared} data-ai /> : <WorkflowsIcon {...shared} />;
    case "import":
      return <ImportIcon {...shared} />;
    case "api_token":
      return <KeyIcon {...shared} />;
    case "person":
      return <ContactIcon {...shared} />;
    default:
      return <ServerIcon {...shared} />;
  }
}
