import { Button, FileButton } from "@mantine/core";
import { type DragEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { CsvIcon } from "@/design/icons";
import classes from "./ImportPage.module.css";

const LIKELY = /\.(csv|tsv|txt)$/i;

/** Takes a CSV file by dropping or choosing it. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation("records");
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string>();

  const take = (file: File | null | undefined) => {
    if (!file) return;
    if (!LIKELY.test(file.name)) setRefused(file.name);
    else onFile(file);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };

  return (
    <div
      className={classes.zone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <span className={classes.zoneIcon} aria-hidden>
        <CsvIcon size={22} />
      </span>
      <span className={classes.zoneTitle}>{t("import.drop")}</span>
      <p className={classes.hint}>{t("import.dropText")}</p>
      <FileButton onChange={take} accept=".csv,.tsv,.txt,text/csv" inputProps={{ "aria-label": t("import.choose") }}>
        {(props) => <Button {...props}>{t("import.choose")}</Button>}
      </FileButton>
      {refused !== undefined && (
        <p className={classes.problem} role="alert">
          {t("import.noCsv", { name: refused })}
        </p>
      )}
    </div>
  );
}
