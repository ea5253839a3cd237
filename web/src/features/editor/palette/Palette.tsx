import { TextInput } from "@mantine/core";
import { useId, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchIcon } from "@/design/icons";
import { titleOf } from "../describe/describe-step";
import { useUi } from "../editor-ui";
import { edgeAt, type Exit } from "../model/edges";
import { isJump } from "../model/edits";
import { useEditor } from "../store/context";
import { JumpTargets } from "./JumpTargets";
import { PaletteEntry } from "./PaletteEntry";
import classes from "./Palette.module.css";
import { bySection, type Entry, matching, recentlyUsed, remember } from "./search";

/** The actions that can be put at an exit. The search has the keyboard; Enter takes the marked hit, at first the first. */
export function Palette({ exit }: { exit: Exit }) {
  const { t } = useTranslation("editor");
  const { catalog, deeds } = useUi();
  const document = useEditor((state) => state.document);
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState(0);
  const [jumping, setJumping] = useState(false);
  const list = useId();

  const entries = useMemo(
    () =>
      catalog.map(
        (type): Entry => ({
          type,
          title: titleOf(type, t),
          description: t(`action.${type.name}.description`, { defaultValue: type.description }),
          synonyms: t(`action.${type.name}.synonyms`, { defaultValue: "" }),
        }),
      ),
    [catalog, t],
  );
  const edge = edgeAt(document, exit);
  const noJump = exit === "start" ? t("palette.noJumpAtStart") : edge && !isJump(document, exit) ? t("palette.noJumpBetween") : null;
  const reasonAgainst = ({ type }: Entry) => (type.nodeType === null ? noJump : null);

  const groups = useMemo(() => {
    if (typed.trim()) return [{ name: t("palette.hits"), entries: matching(entries, typed) }];
    const recent = recentlyUsed(entries);
    const sections = bySection(entries).map(({ section, entries: own }) => ({ name: t(`section.${section}`, { defaultValue: section }), entries: own }));
    return recent.length > 0 ? [{ name: t("palette.recent"), entries: recent }, ...sections] : sections;
  }, [entries, typed, t]);
  const shown = groups.flatMap((group) => group.entries);
  const current = Math.min(marked, shown.length - 1);

  const choose = (entry: Entry | undefined) => {
    if (!entry || reasonAgainst(entry) !== null) return;
    remember(entry.type);
    if (entry.type.nodeType === null) setJumping(true);
    else deeds.insert(exit, entry.type);
  };
  if (jumping) return <JumpTargets exit={exit} onBack={() => setJumping(false)} />;

  let position = 0;
  return (
    <div className={classes.palette}>
      <TextInput
        className={classes.search}
        size="sm"
        aria-label={t("palette.search")}
        placeholder={t("palette.search")}
        leftSection={<SearchIcon size={16} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setMarked(0);
        }}
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={shown[current] ? `${list}-${current}` : undefined}
        autoComplete="off"
        ref={(input) => input?.focus({ preventScroll: true })}
        onKeyDown={(event) => {
          const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
          if (step !== 0 && shown.length > 0) {
            const next = (current + step + shown.length) % shown.length;
            setMarked(next);
            window.document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
          } else if (event.key === "Enter") choose(shown[current]);
          else return;
          event.preventDefault();
        }}
      />
      <div id={list} role="listbox" aria-label={t("palette.title")} className={classes.list}>
        {groups.map((group) => (
          <div key={group.name} role="group" aria-label={group.name}>
            <p className={classes.section} aria-hidden>
              {group.name}
            </p>
            {group.entries.map((entry) => {
              const index = position++;
              return (
                <PaletteEntry
                  key={entry.type.name}
                  id={`${list}-${index}`}
                  entry={entry}
                  marked={index === current}
                  reason={reasonAgainst(entry)}
                  onMark={() => setMarked(index)}
                  onChoose={() => choose(entry)}
                />
              );
            })}
          </div>
        ))}
      </div>
      {shown.length === 0 && <p className={classes.nothing}>{t("palette.nothingFor", { sought: typed.trim() })}</p>}
    </div>
  );
}
