import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { PlusIcon, SearchIcon, WorkflowsIcon } from "@/design/icons";
import { EmptyState } from "@/ui/EmptyState";
import { useTemplateWords } from "../create/template-words";
import { templatesQuery } from "../queries";
import classes from "./NoFlows.module.css";
import type { Creating } from "./search";

interface Props {
  /** A search or filter hides what there is. */
  narrowed: boolean;
  mayWrite: boolean;
  onCreate: (kind: Creating) => void;
  onClear: () => void;
}

/** What stands in the place of workflows when there are none to show, with a way on. */
export function NoFlows({ narrowed, mayWrite, onCreate, onClear }: Props) {
  const { t } = useTranslation("workflows");
  if (narrowed) {
    return (
      <EmptyState
        icon={<SearchIcon size={22} />}
        title={t("none.title")}
        text={t("none.text")}
        action={
          <Button variant="default" onClick={onClear}>
            {t("none.action")}
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon={<WorkflowsIcon size={24} />}
      title={t("empty.title")}
      text={t(mayWrite ? "empty.text" : "empty.ask")}
      action={
        mayWrite && (
          <Button leftSection={<PlusIcon size={15} aria-hidden />} onClick={() => onCreate("scratch")}>
            {t("create.action")}
          </Button>
        )
      }
    >
      {mayWrite && <Suggestions onCreate={onCreate} />}
    </EmptyState>
  );
}

function Suggestions({ onCreate }: { onCreate: (kind: Creating) => void }) {
  const { t } = useTranslation("workflows");
  const { data: templates } = useQuery(templatesQuery);
  const words = useTemplateWords();
  return (
    <div className={classes.templates}>
      <p className={classes.lead}>{t("empty.templates")}</p>
      <ul className={classes.list}>
        {(templates ?? []).map((template) => (
          <li key={template.name}>
            <button type="button" className={classes.template} onClick={() => onCreate("template")}>
              <span className={classes.title}>{words(template).title}</span>
              <span className={classes.text}>{words(template).description}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
