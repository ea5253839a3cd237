import { Skeleton, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjectType } from "@/api/object-types";
import { SectionIcon } from "@/features/editor/canvas/SectionIcon";
import { ErrorCard } from "@/ui/ErrorCard";
import { type Template, templatesQuery } from "../queries";
import { CreateForm, LONGEST_NAME } from "./CreateForm";
import classes from "./FromTemplate.module.css";
import { useTemplateWords } from "./template-words";

/** A workflow that does something already, but for the AI connection and whom to mail. */
export function FromTemplate({ folder, onClose }: { folder: string; onClose: () => void }) {
  const { t } = useTranslation("workflows");
  const words = useTemplateWords();
  const { data: templates, error, refetch } = useQuery(templatesQuery);
  const [chosenName, setChosenName] = useState<string>();
  const [typed, setTyped] = useState<string>();
  if (error) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  const chosen = templates?.find((template) => template.name === chosenName) ?? templates?.[0];
  if (!templates || !chosen) return <Skeleton h={320} radius="lg" />;

  const name = typed ?? words(chosen).title;
  const wanted = name.trim();
  return (
    <CreateForm wish={wanted ? { name: wanted, objectTypeId: chosen.objectTypeId, template: chosen.name, folder } : undefined} onClose={onClose}>
      <div className={classes.templates}>
        <div role="radiogroup" aria-label={t("create.templates")} className={classes.choices}>
          {templates.map((template) => (
            <label key={template.name} className={classes.choice} data-chosen={template === chosen}>
              <input type="radio" name="template" className="visually-hidden" checked={template === chosen} onChange={() => setChosenName(template.name)} />
              <span className={classes.title}>{words(template).title}</span>
              <TypeName objectTypeId={template.objectTypeId} />
            </label>
          ))}
        </div>
        <Preview template={chosen} description={words(chosen).description} />
      </div>
      <TextInput label={t("create.name")} value={name} onChange={(event) => setTyped(event.currentTarget.value)} maxLength={LONGEST_NAME} autoComplete="off" required />
    </CreateForm>
  );
}

function TypeName({ objectTypeId }: { objectTypeId: string }) {
  return <span className={classes.type}>{useObjectType(objectTypeId).plural}</span>;
}

function Preview({ template, description }: { template: Template; description: string }) {
  const { t } = useTranslation("workflows");
  return (
    <div className={classes.preview}>
      <p className={classes.description}>{description}</p>
      <ol className={classes.steps} aria-label={t("create.steps")}>
        {template.steps.map((step, index) => (
          <li key={index} className={classes.step}>
            <span className={classes.icon} data-section={step.section}>
              <SectionIcon name={step.name} section={step.section} size={14} />
            </span>
            {t(`editor:action.${step.name}.title`, { defaultValue: step.title })}
          </li>
        ))}
      </ol>
    </div>
  );
}
