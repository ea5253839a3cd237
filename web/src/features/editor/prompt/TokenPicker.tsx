import { Combobox, useCombobox } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./TokenField.module.css";
import { type TokenGroup, useTokenScope } from "./token-scope";

interface Props {
  left: number;
  top: number;
  onPick: (path: string) => void;
  onClose: () => void;
}

/** Rows drawn at a time; the search narrows them down. */
const DRAWN = 120;

function matching(groups: readonly TokenGroup[], typed: string): TokenGroup[] {
  const words = typed.trim().toLowerCase();
  let left = DRAWN;
  const found: TokenGroup[] = [];
  for (const group of groups) {
    const choices = group.choices.filter((choice) => `${choice.label} ${choice.path}`.toLowerCase().includes(words)).slice(0, left);
    left -= choices.length;
    if (choices.length > 0) found.push({ ...group, choices });
  }
  return found;
}

/** Everything that can be put into the text at this point: properties of the record and outputs of earlier steps. */
export function TokenPicker({ left, top, onPick, onClose }: Props) {
  const { t } = useTranslation("forms");
  const scope = useTokenScope();
  const [typed, setTyped] = useState("");
  const store = useCombobox({ opened: true, onDropdownClose: onClose });
  const found = matching(scope.groups, typed);

  useEffect(() => {
    store.focusSearchInput();
  }, []);
  useEffect(() => {
    store.selectFirstOption();
  }, [typed]);

  return (
    <Combobox store={store} width={330} position="bottom-start" offset={6} shadow="md" onOptionSubmit={onPick} withinPortal>
      <Combobox.DropdownTarget>
        <span className={classes.anchor} style={{ left, top }} />
      </Combobox.DropdownTarget>
      <Combobox.Dropdown>
        <Combobox.Search value={typed} onChange={(event) => setTyped(event.currentTarget.value)} placeholder={t("token.search")} aria-label={t("token.search")} onBlur={onClose} />
        <Combobox.Options className={classes.choices} aria-label={t("token.choices")}>
          {found.length === 0 && <Combobox.Empty>{t("token.noneFound")}</Combobox.Empty>}
          {found.map((group) => (
            <Combobox.Group key={group.label} label={group.label}>
              {group.choices.map((choice) => (
                <Combobox.Option key={choice.path} value={choice.path} className={classes.choice} aria-label={choice.label}>
                  <span>{choice.label}</span>
                  {choice.sample && <span className={classes.sample}>{choice.sample}</span>}
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
