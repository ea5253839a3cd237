import { ActionIcon, Button, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import { DeleteIcon, MoreIcon, PlusIcon, RenameIcon } from "@/design/icons";
import { useFormats } from "@/i18n/format";
import { Section } from "@/ui/Section";
import { SimpleTable } from "@/ui/SimpleTable";
import { StatusPill } from "@/ui/StatusPill";
import { Withheld } from "@/ui/Withheld";
import classes from "./caps.module.css";
import type { Cap } from "./queries";
import { RemoveCapDialog } from "./RemoveCapDialog";
import { Used } from "./Used";
import { useCapWords } from "./words";

interface Props {
  caps: readonly Cap[] | undefined;
  /** In place of the words for all caps of the workspace. */
  explain?: string;
  none?: string;
  onNew: () => void;
  onChange: (cap: Cap) => void;
}

/** The caps with what is used of each, and how many runs wait for room. */
export function CapsSection({ caps, explain, none, onNew, onChange }: Props) {
  const { t } = useTranslation("spend");
  const { may } = useSession();
  const words = useCapWords();
  const formats = useFormats();
  const [removing, setRemoving] = useState<Cap>();
  const mayManage = may("caps.manage");
  return (
    <Section
      title={t("caps.title")}
      description={explain ?? t("caps.explain")}
      actions={
        <Withheld because={!mayManage && t("caps.refused")}>
          <Button variant="default" leftSection={<PlusIcon size={14} />} onClick={onNew}>
            {t("caps.new")}
          </Button>
        </Withheld>
      }
    >
      {caps?.length === 0 ? (
        <p className={classes.none}>{none ?? t("caps.none")}</p>
      ) : (
        <SimpleTable
          label={t("caps.title")}
          minWidth={680}
          rows={caps}
          rowKey={(cap) => cap.id}
          columns={[
            { title: t("caps.column.for"), cell: (cap) => <Whose cap={cap} /> },
            { title: t("caps.column.limit"), align: "end", cell: (cap) => <span className="tabular">{words.limit(cap)}</span> },
            { title: t("caps.column.used"), width: "32%", cell: (cap) => <Used cap={cap} /> },
            {
              title: t("caps.column.waiting"),
              align: "end",
              cell: (cap) =>
                cap.waiting.count > 0 ? <Waiting cap={cap} number={formats.number(cap.waiting.count) + (cap.waiting.exact ? "" : "+")} /> : <span className="tabular">0</span>,
            },
            {
              title: "",
              width: "52px",
              cell: (cap) =>
                mayManage && (
                  <Menu position="bottom-end" width={180}>
                    <Menu.Target>
                      <ActionIcon variant="subtle" color="gray" aria-label={t("caps.actions", { whose: words.whose(cap) })}>
                        <MoreIcon size={16} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item leftSection={<RenameIcon size={16} />} onClick={() => onChange(cap)}>
                        {t("caps.change")}
                      </Menu.Item>
                      <Menu.Item leftSection={<DeleteIcon size={16} />} className={classes.danger} onClick={() => setRemoving(cap)}>
                        {t("caps.remove")}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                ),
            },
          ]}
        />
      )}
      {removing && <RemoveCapDialog cap={removing} onClose={() => setRemoving(undefined)} />}
    </Section>
  );
}

/** How many runs wait; of one workflow they have a list. */
function Waiting({ cap, number }: { cap: Cap; number: string }) {
  const pill = <StatusPill tone="warning">{number}</StatusPill>;
  if (cap.subjectId === null || cap.scope === "connection") return pill;
  return (
    <Link to="/workflows/$flowId/runs" params={{ flowId: cap.subjectId }} search={{ status: ["AT_CAP"] }}>
      {pill}
    </Link>
  );
}

function Whose({ cap }: { cap: Cap }) {
  const words = useCapWords();
  const { t } = useTranslation("spend");
  if (cap.subjectId === null) return words.whose(cap);
  const name = words.name(cap);
  if (cap.scope === "connection") {
    return (
      <Link to="/settings/connected-apps" search={{ limits: cap.subjectId }}>
        {name}
      </Link>
    );
  }
  const link = (
    <Link to="/workflows/$flowId" params={{ flowId: cap.subjectId }}>
      {name}
    </Link>
  );
  return cap.scope === "run" ? (
    <>
      {t("caps.eachRunOf")} {link}
    </>
  ) : (
    link
  );
}
