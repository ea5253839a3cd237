import { Kbd, Modal, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ShortcutGroup } from "@/ui/shortcuts";
import { COMMAND_KEY } from "@/ui/shortcuts";
import { EDITOR_SHORTCUTS } from "@/features/editor/shortcuts";
import classes from "./ShortcutsDialog.module.css";

const EVERYWHERE: ShortcutGroup = {
  words: "shell:shortcuts.everywhere",
  shortcuts: [
    { keys: [COMMAND_KEY, "K"], words: "shell:shortcuts.menu" },
    { keys: ["?"], words: "shell:shortcuts.help" },
    { keys: ["Esc"], words: "shell:shortcuts.close" },
  ],
};

const RECORDS: ShortcutGroup = {
  words: "shell:shortcuts.records",
  shortcuts: [
    { keys: ["J"], words: "shell:shortcuts.nextRecord" },
    { keys: ["K"], words: "shell:shortcuts.previousRecord" },
    { keys: ["Enter"], words: "shell:shortcuts.editCell" },
    { keys: ["Tab"], words: "shell:shortcuts.nextCell" },
  ],
};

/** Every shortcut there is, by place. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>{t("shell:shortcuts.title")}</Text>} closeButtonProps={{ "aria-label": t("action.close") }}>
      <div className={classes.groups}>
        {[EVERYWHERE, EDITOR_SHORTCUTS, RECORDS].map((group) => (
          <section key={group.words}>
            <h3 className={classes.title}>{t(group.words)}</h3>
            <dl className={classes.list}>
              {group.shortcuts.map(({ keys, words }) => (
                <div key={words} className={classes.row}>
                  <dt>{t(words)}</dt>
                  <dd>
                    {keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
