import { Checkbox, NumberInput, TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Json } from "@/api/json";
import type { ProblemAt } from "@/ui/schema-form/widget";
import { bareDomain, type LlmFields } from "./fields";
import classes from "./llm.module.css";
import type { Model } from "./refusals";

interface Props {
  fields: LlmFields;
  model: Model | undefined;
  onChange: (name: string, value: Json) => void;
  problemAt: ProblemAt;
  disabled: boolean;
}

const MOST_SEARCHES = 10;

/** Whether the model may search the web, where, and how often. Off, the model has no tool at all. */
export function SearchSettings({ fields, model, onChange, problemAt, disabled }: Props) {
  const { t } = useTranslation("forms");
  const on = fields.webSearch;
  const cannot = model !== undefined && !model.search;
  const problem = problemAt("web_search", false);
  const errorAt = (name: string) => problemAt(name, true)?.message;
  return (
    <>
      <div data-field="web_search">
        <Checkbox
          label={t("search.title")}
          description={cannot ? model.searchNote || t("search.cannot") : t("search.help")}
          checked={on}
          onChange={(event) => onChange("web_search", event.currentTarget.checked)}
          error={problem?.severity === "error" ? problem.message : undefined}
          // What is on can be turned off, whatever the model.
          disabled={disabled || (cannot && !on)}
        />
        {problem?.severity === "warning" && (
          <div className={classes.reason} role="note">
            {problem.message}
          </div>
        )}
      </div>
      {on && (
        <div className={classes.search}>
          <div data-field="search_domains">
            <TagsInput
              label={t("search.domains")}
              placeholder={fields.searchDomains.length === 0 ? t("search.wholeWeb") : undefined}
              value={[...fields.searchDomains]}
              onChange={(next) => onChange("search_domains", [...new Set(next.map(bareDomain).filter((domain) => domain !== ""))])}
              error={errorAt("search_domains")}
              disabled={disabled}
              acceptValueOnBlur
            />
          </div>
          <div data-field="max_searches">
            <NumberInput
              label={t("search.most")}
              value={fields.maxSearches}
              onChange={(next) => onChange("max_searches", next === "" ? null : Number(next))}
              min={1}
              max={MOST_SEARCHES}
              clampBehavior="none"
              allowDecimal={false}
              allowNegative={false}
              error={errorAt("max_searches")}
              disabled={disabled}
            />
          </div>
        </div>
      )}
    </>
  );
}
