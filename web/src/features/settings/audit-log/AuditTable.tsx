import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Moment } from "@/ui/Moment";
import { SimpleTable } from "@/ui/SimpleTable";
import classes from "./AuditTable.module.css";
import type { AuditEntry } from "./queries";
import { useDeeds, useThings } from "./words";

/** Entries of the log, newest first. */
export function AuditTable({ entries }: { entries: readonly AuditEntry[] | undefined }) {
  const { t } = useTranslation("audit");
  const deeds = useDeeds();
  return (
    <SimpleTable<AuditEntry>
      label={t("entries")}
      minWidth={900}
      rows={entries}
      rowKey={(entry) => entry.id}
      columns={[
        { title: t("column.at"), width: "160px", cell: (entry) => <Moment at={entry.at} /> },
        {
          title: t("column.who"),
          width: "190px",
          cell: (entry) => (
            <>
              <Text size="sm">{entry.actorLabel}</Text>
              <Text size="xs" c="dimmed">
                {entry.address ? t("from", { kind: t(`actor.${entry.actorType}`), address: entry.address }) : t(`actor.${entry.actorType}`)}
              </Text>
            </>
          ),
        },
        { title: t("column.what"), cell: (entry) => deeds(entry.action) },
        { title: t("column.thing"), cell: (entry) => <Thing entry={entry} /> },
        { title: t("column.detail"), cell: (entry) => <Detail entry={entry} /> },
      ]}
    />
  );
}

function Thing({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("audit");
  const things = useThings();
  const thing = things(entry.subjectType);
  const name = nameOf(entry);
  const words = name ? t("named", { thing, name }) : t("numbered", { thing, id: entry.subjectId });
  if (entry.subjectType !== "flow") return <span className={classes.thing}>{words}</span>;
  return (
    <Link to="/workflows/$flowId" params={{ flowId: entry.subjectId }}>
      {words}
    </Link>
  );
}

/** What the thing is called today, else what it was called when this was written down. */
function nameOf(entry: AuditEntry): string | null {
  const named = entry.detail.name;
  return entry.subjectLabel ?? (typeof named === "string" ? named : null);
}

/** What else the entry says: names and numbers, never a secret. */
function Detail({ entry }: { entry: AuditEntry }) {
  const facts = Object.entries(entry.detail).filter(([name, value]) => value !== null && !(name === "name" && value === nameOf(entry)));
  if (facts.length === 0) return null;
  return (
    <dl className={classes.detail}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name.replaceAll("_", " ")}</dt>
          <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
