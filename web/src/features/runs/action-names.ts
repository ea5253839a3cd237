import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { titleOf } from "../editor/describe/describe-step";
import { stepName } from "../editor/model/names";
import { readTree } from "../editor/model/tree";
import { asDocument, typeOf } from "../editor/model/types";
import { useCatalog } from "../editor/queries";
import { flowQuery } from "./queries";

export interface ActionName {
  id: string;
  /** "2. Use a custom LLM", or the name that somebody gave to the step. */
  title: string;
}

/** The actions of a workflow as its editor numbers and names them, in the order of its tree. */
export function useActionNames(flowId: string): ActionName[] {
  const { t } = useTranslation("editor");
  const { data } = useQuery(flowQuery(flowId));
  const catalog = useCatalog();
  return useMemo(() => {
    const document = asDocument(data as Json | undefined);
    return readTree(document).steps.map(({ id, number, action }) => {
      const type = typeOf(catalog, action);
      return { id, title: t("card.numbered", { number, title: stepName(document, id) || (type ? titleOf(type, t) : action.type) }) };
    });
  }, [data, catalog, t]);
}
