import { memo, useLayoutEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { createStore } from "zustand/vanilla";
import { stepName } from "../model/names";
import type { Tree } from "../model/tree";
import type { FlowDocument } from "../model/types";
import { type CanvasMoving, CanvasMovingContext, type CanvasShared, CanvasSharedContext } from "./canvas-context";
import { ChainView } from "./ChainView";
import type { Decorations, TakenExits } from "./decoration";
import classes from "./FlowTree.module.css";
import { TriggerCard } from "./TriggerCard";

const NO_DECORATIONS: Decorations = new Map();
const NO_TITLES: ReadonlyMap<string, string> = new Map();
const NO_EXITS: TakenExits = new Set();
const NONE_COLLAPSED: ReadonlySet<string> = new Set();

export interface FlowTreeProps {
  document: FlowDocument;
  tree: Tree;
  /** Keep it the same object between renders: cards render again when it changes. */
  shared: CanvasShared;
  /** The id of the selected step, or `trigger`. */
  selected: string | null;
  decorations?: Decorations;
  taken?: TakenExits;
  /** The steps' titles, for a canvas whose `shared.look` stays the same while they change. */
  titles?: ReadonlyMap<string, string>;
  moving?: Pick<CanvasMoving, "renaming" | "activeExit" | "dragging" | "collapsed">;
}

const STILL = { renaming: null, activeExit: null, dragging: null, collapsed: NONE_COLLAPSED };

/** A workflow as nested lists of cards: the trigger, then the steps as they are read. Without `editing` it only shows. */
export const FlowTree = memo(function FlowTree(props: FlowTreeProps) {
  const { document, tree, shared, selected, decorations = NO_DECORATIONS, taken = NO_EXITS, moving = STILL, titles = NO_TITLES } = props;
  const { t } = useTranslation("editor");
  const all: CanvasMoving = { ...moving, selected, decorations, taken, titles, names: (actionId) => stepName(document, actionId) };
  const [store] = useState(() => createStore(() => all));
  useLayoutEffect(() => store.setState(all));
  return (
    <CanvasSharedContext value={shared}>
      <CanvasMovingContext value={store}>
        <div className={classes.tree} data-dragging={moving.dragging !== null || undefined}>
          <TriggerCard criteria={document.enrollmentCriteria} selected={selected === "trigger"} decoration={decorations.get("trigger")} />
          <ChainView chain={tree.start} label={t("canvas.steps")} />
          {tree.loose.map((chain) => (
            <section key={chain.steps[0]?.id} className={classes.loose} aria-label={t("canvas.loose")}>
              <p className={classes.looseTitle}>{t("canvas.loose")}</p>
              <ChainView chain={chain} label={t("canvas.loose")} loose />
            </section>
          ))}
        </div>
      </CanvasMovingContext>
    </CanvasSharedContext>
  );
});
