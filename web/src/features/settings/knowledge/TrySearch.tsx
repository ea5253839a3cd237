import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchIcon } from "@/design/icons";
import { ErrorCard } from "@/ui/ErrorCard";
import { Section } from "@/ui/Section";
import classes from "./knowledge.module.css";
import { Passage } from "./Passage";
import { useSearch } from "./queries";

/** Shows the passages that a step would find for a text. */
export function TrySearch({ setId }: { setId: string }) {
  const { t } = useTranslation("knowledge");
  const [text, setText] = useState("");
  const search = useSearch(setId);
  return (
    <Section title={t("try.title")} description={t("try.description")}>
      <form
        className={classes.search}
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim() !== "") search.mutate(text);
        }}
      >
        <Textarea aria-label={t("try.label")} placeholder={t("try.placeholder")} autosize minRows={2} maxRows={8} maxLength={20_000} value={text} onChange={(event) => setText(event.currentTarget.value)} className={classes.query} />
        <Button type="submit" variant="default" leftSection={<SearchIcon size={16} />} loading={search.isPending} disabled={text.trim() === ""}>
          {t("try.submit")}
        </Button>
      </form>
      {search.error && <ErrorCard error={search.error} />}
      {search.data?.length === 0 && <p className={classes.none}>{t("try.nothing")}</p>}
      {search.data && search.data.length > 0 && (
        <ol className={classes.passages} aria-label={t("try.found")}>
          {search.data.map((passage) => (
            <Passage key={passage.id} setId={setId} passage={passage} />
          ))}
        </ol>
      )}
    </Section>
  );
}
