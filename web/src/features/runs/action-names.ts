import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import { describeStep } from "../editor/describe/describe-step";
import { useLookup } from "../editor/describe/use-lookup";
import { stepName } from "../editor/model/names";
import { readTree } from "../editor/model/tree";
import { asDocument, type OutputSpec, typeOf } from "../editor/model/types";
import { useCatalog } from "../editor/queries";
import { flowQuery } from "./queries";

export interface ActionName {
  id: string;
  /** "2. Set Urgency", or the name that somebody gave to the step. */
  title: string;
}

const NONE: Readonly<Record<string, OutputSpec[]>> = {};

/**
 * The actions of a workflow as its editor numbers and names them, in the order of its tree. By their headlines: three
 * times "Edit record" would say nothing.
 */
export function useActionNames(flowId: string): ActionName[] {
  const { t } = useTranslation("editor");
  const { data } = useQuery(flowQuery(flowId));
  const catalog = useCatalog();
  const document = useMemo(() => asDocument(data as Json | undefined), [data]);
  const tree = useMemo(() => readTree(document), [document]);
  const look = useLookup(document, tree, catalog, NONE);
  return useMemo(
    () =>
      tree.steps.map(({ id, number, action }) => ({
        id,
        title: t("card.numbered", { number, title: stepName(document, id) || describeStep(action, typeOf(catalog, action), look).headline }),
      })),
    [document, tree, catalog, look, t],
  );
}
