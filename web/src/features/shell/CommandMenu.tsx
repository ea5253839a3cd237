import { createSpotlight, Spotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjectTypes } from "@/api/object-types";
import { useSession } from "@/api/session";
import { SearchIcon } from "@/design/icons";
import { type Command, matching, placesAndDeeds, recentlyUsed, remember } from "./commands";
import { foundRecordsQuery, foundWorkflowsQuery } from "./command-queries";
import classes from "./CommandMenu.module.css";

interface Props {
  opened: boolean;
  onClose: () => void;
  onHelp: () => void;
}

const [store, spotlight] = createSpotlight();

/** Ctrl+K: every place, workflow, record and deed by name, with nothing but the keyboard. */
export function CommandMenu({ opened, onClose, onHelp }: Props) {
  const { t } = useTranslation();
  const { may } = useSession();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [sought] = useDebouncedValue(typed.trim(), 150);
  const types = useObjectTypes();
  const workflows = useQuery({ ...foundWorkflowsQuery(sought), enabled: opened && sought !== "" && may("flows.read") });
  const records = useQuery({ ...foundRecordsQuery(sought, types), enabled: opened && sought.length > 1 && may("records.read") });
  const fixed = useMemo(() => placesAndDeeds(t, may, onHelp), [t, may, onHelp]);

  const groups: { label: string; commands: readonly Command[] }[] =
    typed.trim() === ""
      ? [
          { label: t("shell:command.recent"), commands: recentlyUsed(fixed) },
          { label: t("shell:command.places"), commands: fixed },
        ]
      : [
          { label: t("shell:command.places"), commands: matching(fixed, typed) },
          { label: t("shell:command.workflows"), commands: workflows.data ?? [] },
          { label: t("shell:command.records"), commands: records.data ?? [] },
        ];
  // What is found comes after what is typed, when Mantine has marked its first hit already: there was none yet.
  const shown = groups.flatMap((group) => group.commands.map((command) => command.id)).join(" ");
  useEffect(() => {
    const list = document.getElementById(store.getState().listId);
    if (!opened || typed === "" || list?.querySelector("[data-selected]")) return;
    list?.querySelector("[data-action]")?.setAttribute("data-selected", "true");
    store.updateState((state) => ({ ...state, selected: 0 }));
  }, [opened, typed, shown]);
  // The menu closes by itself on Escape and on a click beside it, and says so only when it is its own store that opened it.
  useEffect(() => (opened ? spotlight.open() : spotlight.close()), [opened]);
  const nothing = groups.every((group) => group.commands.length === 0);

  const choose = (command: Command) => {
    remember(command);
    onClose();
    if (command.run) command.run();
    else if (command.href) void navigate({ to: command.href });
  };

  return (
    <Spotlight.Root
      store={store}
      classNames={classes}
      centered={false}
      yOffset="14vh"
      overlayProps={{ backgroundOpacity: 0.35, blur: 0 }}
      onSpotlightClose={onClose}
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      scrollable
      maxHeight={420}
      clearQueryOnClose
    >
      <Spotlight.Search placeholder={t("shell:command.search")} aria-label={t("shell:command.search")} leftSection={<SearchIcon size={18} aria-hidden />} />
      <Spotlight.ActionsList>
        {groups.map(
          ({ label, commands }) =>
            commands.length > 0 && (
              <Spotlight.ActionsGroup key={label} label={label}>
                {commands.map((command) => (
                  <Spotlight.Action
                    key={command.id}
                    label={command.label}
                    description={command.description}
                    leftSection={<command.icon size={18} aria-hidden />}
                    onClick={() => choose(command)}
                  />
                ))}
              </Spotlight.ActionsGroup>
            ),
        )}
        {nothing && (
          <Spotlight.Empty>{t(workflows.isFetching || records.isFetching ? "state.loading" : "shell:command.nothing", { sought: typed.trim() })}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
