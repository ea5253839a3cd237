import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { FailedIcon, UsersIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import type { OpenedWorkflow } from "../queries";
import { useEditor } from "../store/context";
import { isFault } from "../store/problems";
import type { CardDecoration, Decorations } from "./decoration";

/** Problems, and how many records are at a step or failed at it, on the steps' cards. */
export function useDecorations(standing: OpenedWorkflow["standing"]): Decorations {
  const { t } = useTranslation("editor");
  const formats = useFormats();
  const problems = useEditor(useShallow((state) => state.problems.filter((problem) => isFault(problem, state))));
  const before = useRef(new Map<string, { written: string; decoration: CardDecoration }>());

  return useMemo(() => {
    const counts = new Map<string, { errors: number; warnings: number }>();
    for (const problem of problems) {
      const id = problem.actionId ?? (problem.path.startsWith("enrollmentCriteria") ? "trigger" : null);
      if (id === null) continue;
      const count = counts.get(id) ?? { errors: 0, warnings: 0 };
      count[problem.severity === "error" ? "errors" : "warnings"] += 1;
      counts.set(id, count);
    }
    const stood = new Map(standing.map((one) => [one.actionId, one]));
    const made = new Map<string, { written: string; decoration: CardDecoration }>();
    const number = (count: { count: number; exact: boolean }) => (count.exact ? formats.number(count.count) : t("card.many", { count: count.count }));
    for (const id of new Set([...counts.keys(), ...stood.keys()])) {
      const found = counts.get(id);
      const at = stood.get(id);
      const written = JSON.stringify([found, at, t("card.trigger")]);
      // The same object while it says the same, so that its card does not render again.
      const kept = before.current.get(id);
      made.set(
        id,
        kept?.written === written
          ? kept
          : {
              written,
              decoration: {
                badge: found && { tone: found.errors > 0 ? "error" : "warning", label: t("card.problems", { count: found.errors + found.warnings }) },
                pills: [
                  ...(at && at.here.count > 0
                    ? [{ text: number(at.here), tone: "accent" as const, icon: <UsersIcon size={12} aria-hidden />, title: t("card.here", { count: at.here.count }) }]
                    : []),
                  ...(at && at.failed.count > 0
                    ? [{ text: t("card.failedShort", { count: at.failed.count, shown: number(at.failed) }), tone: "error" as const, icon: <FailedIcon size={12} aria-hidden /> }]
                    : []),
                ],
              },
            },
      );
    }
    before.current = made;
    return new Map([...made].map(([id, { decoration }]) => [id, decoration]));
  }, [problems, standing, t, formats]);
}
