import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import classes from "./knowledge.module.css";

interface Props {
  setId: string;
  passage: { id: string; content: string; headings: readonly string[]; page: number | null; document?: string; documentId?: string };
}

/** A passage under the place where it stands. */
export function Passage({ setId, passage }: Props) {
  const { t } = useTranslation("knowledge");
  const { document, documentId, headings, page } = passage;
  const parts = [...headings, ...(page === null ? [] : [t("page", { page })])];
  return (
    <li className={classes.passage} id={`passage-${passage.id}`}>
      {(documentId !== undefined || parts.length > 0) && (
        <p className={classes.place}>
          {documentId !== undefined && (
            <Link to="/settings/knowledge/$setId/documents/$documentId" params={{ setId, documentId }}>
              {document}
            </Link>
          )}
          {documentId !== undefined && parts.length > 0 && " › "}
          {parts.join(" › ")}
        </p>
      )}
      <p className={classes.content}>{passage.content}</p>
    </li>
  );
}
