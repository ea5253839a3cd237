import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { BranchIcon, CopyIcon, CutIcon, DeleteIcon, DuplicateIcon, EditRecordIcon, FoldIcon, MoveIcon, PasteIcon, RenameIcon } from "@/design/icons";
import { COMMAND_KEY } from "@/ui/shortcuts";
import { useUi } from "../editor-ui";
import { focusStep } from "../canvas/reveal-step";
import { branchKey, errorPathOf, LLM } from "../model/types";
import { useEditor, useEditorStore } from "../store/context";
import classes from "./StepMenu.module.css";

/** What can be done with a step; one menu for all cards, made when it is first asked for. */
export function StepMenu() {
  const { menu } = useUi();
  return menu && <OpenMenu actionId={menu.actionId} x={menu.x} y={menu.y} />;
}

function OpenMenu({ actionId, x, y }: { actionId: string; x: number; y: number }) {
  const { t } = useTranslation("editor");
  const { deeds, show, view } = useUi();
  const store = useEditorStore();
  const step = useEditor((state) => state.tree.places.get(actionId)?.step);
  const folded = useEditor((state) => state.collapsed.has(actionId));
  if (!step) return null;
  const keys = (...names: string[]) => <span className={classes.keys}>{names.join(" ")}</span>;
  const isBranch = branchKey(step.action) !== undefined;
  const isLlm = step.action.actionTypeId === LLM;
  const leadsFailures = errorPathOf(step.action) !== undefined;
  return (
    <Menu
      opened
      onClose={() => {
        show({ menu: null });
        // Unless what was chosen took the keyboard elsewhere, it goes back to the card.
        requestAnimationFrame(() => {
          if (view && document.activeElement === document.body) focusStep(view, actionId);
        });
      }}
      position="bottom-start"
      offset={4}
      width={236}
      trapFocus
      withinPortal={false}
      withInitialFocusPlaceholder={false}
      returnFocus={false}
    >
      <Menu.Target>
        <button type="button" tabIndex={-1} className={classes.point} style={{ left: x, top: y }} aria-label={t("menu.name", { number: step.number })} />
      </Menu.Target>
      <Menu.Dropdown aria-label={t("menu.name", { number: step.number })}>
        <Menu.Item leftSection={<EditRecordIcon size={16} />} rightSection={keys("Enter")} onClick={() => store.getState().select({ kind: "step", actionId }, "")}>
          {t("menu.open")}
        </Menu.Item>
        <Menu.Item leftSection={<RenameIcon size={16} />} rightSection={keys("F2")} onClick={() => show({ renaming: actionId })}>
          {t("menu.rename")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<DuplicateIcon size={16} />} rightSection={keys(COMMAND_KEY, "D")} onClick={() => deeds.duplicate(actionId)}>
          {t("menu.duplicate")}
        </Menu.Item>
        <Menu.Item leftSection={<CopyIcon size={16} />} rightSection={keys(COMMAND_KEY, "C")} onClick={() => deeds.copy(actionId)}>
          {t("menu.copy")}
        </Menu.Item>
        <Menu.Item leftSection={<CutIcon size={16} />} rightSection={keys(COMMAND_KEY, "X")} onClick={() => deeds.cut(actionId)}>
          {t("menu.cut")}
        </Menu.Item>
        <Menu.Item leftSection={<PasteIcon size={16} />} rightSection={keys(COMMAND_KEY, "V")} onClick={() => deeds.pasteAfter(actionId)}>
          {t(isBranch ? "menu.pasteInto" : "menu.pasteAfter")}
        </Menu.Item>
        <Menu.Item leftSection={<MoveIcon size={16} />} onClick={() => show({ moving: actionId })}>
          {t("menu.move")}
        </Menu.Item>
        {(isBranch || isLlm) && <Menu.Divider />}
        {isBranch && (
          <Menu.Item leftSection={<BranchIcon size={16} />} onClick={() => deeds.addPath(actionId)}>
            {t("menu.addPath")}
          </Menu.Item>
        )}
        {isLlm && (
          <Menu.Item leftSection={<BranchIcon size={16} />} onClick={() => (leadsFailures ? deeds.removeErrorPath(actionId) : deeds.addErrorPath(actionId))}>
            {t(leadsFailures ? "menu.removeErrorPath" : "menu.addErrorPath")}
          </Menu.Item>
        )}
        {step.paths && (
          <Menu.Item leftSection={<FoldIcon size={16} />} onClick={() => store.getState().toggleCollapsed(actionId)}>
            {t(folded ? "menu.unfold" : "menu.fold")}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item className={classes.delete} leftSection={<DeleteIcon size={16} />} rightSection={keys("Del")} onClick={() => deeds.remove(actionId)}>
          {t("menu.delete")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
