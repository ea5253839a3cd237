import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useUi } from "../editor-ui";
import { stepName } from "../model/names";
import type { Step } from "../model/tree";
import { typeOf } from "../model/types";
import { useEditor } from "../store/context";
import { describeStep, type Lookup } from "./describe-step";
import { useLookup } from "./use-lookup";

/** The title of a step as other parts name it: `3. Note the product`. */
export function useStepTitle(): { titleOf: (step: Step) => string; look: Lookup } {
  const { t } = useTranslation("editor");
  const { catalog } = useUi();
  const document = useEditor((state) => state.document);
  const tree = useEditor((state) => state.tree);
  const outputs = useEditor((state) => state.outputs);
  const look = useLookup(document, tree, catalog, outputs);
  const titleOf = useCallback(
    (step: Step) => {
      const title = stepName(document, step.id) || describeStep(step.action, typeOf(catalog, step.action), look).headline;
      return t("card.numbered", { number: step.number, title });
    },
    [document, catalog, look, t],
  );
  return { titleOf, look };
}
