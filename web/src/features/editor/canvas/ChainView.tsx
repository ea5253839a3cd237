import { memo } from "react";
import { useTranslation } from "react-i18next";
import { nextExit } from "../model/edges";
import { referencesOf } from "../model/references";
import { type Chain, chainSteps, type Path, type Step } from "../model/tree";
import { useCanvas, useMoving } from "./canvas-context";
import { ChainEnd } from "./ChainEnd";
import { Connector } from "./Connector";
import { useDrawnOf } from "./drawn-steps";
import classes from "./FlowTree.module.css";
import { PathPill } from "./PathPill";
import { StepCard } from "./StepCard";
import { TakenLine } from "./TakenLine";

interface Props {
  chain: Chain;
  /** The name of the list for screen readers. */
  label: string;
  loose?: boolean;
}

/** Steps that follow each other, with a + before, between and after them. */
export const ChainView = memo(function ChainView({ chain, label, loose = false }: Props) {
  const first = !loose && <Connector exit={chain.exit} after={null} />;
  const last = chain.steps.length - 1;
  const drawn = useDrawnOf(chain);
  return (
    <div className={classes.chain}>
      {first}
      {chain.steps.length === 0 ? (
        <ChainEnd chain={chain} />
      ) : (
        <ol className={classes.steps} aria-label={label}>
          {drawn.map((step, index) => (
            <StepRow key={step.id} step={step} chain={index === last ? chain : null} />
          ))}
        </ol>
      )}
    </div>
  );
});

interface RowProps {
  step: Step;
  /** The chain that ends after this step; null when another step follows. */
  chain: Chain | null;
}

const StepRow = memo(function StepRow({ step, chain }: RowProps) {
  const name = useMoving((moving) => moving.names(step.id));
  const selected = useMoving((moving) => moving.selected === step.id);
  const renaming = useMoving((moving) => moving.renaming === step.id);
  const dragged = useMoving((moving) => moving.dragging === step.id);
  const collapsed = useMoving((moving) => moving.collapsed.has(step.id));
  const references = referencesOf(step.action);
  const referred = useMoving((moving) => references.map((id) => moving.titles.get(id)).join("\n"));
  const decoration = useMoving((moving) => moving.decorations.get(step.id));
  return (
    <li className={classes.step}>
      <StepCard
        id={step.id}
        number={step.number}
        action={step.action}
        name={name}
        selected={selected}
        renaming={renaming}
        dragged={dragged}
        collapsed={step.paths ? collapsed : undefined}
        referred={referred}
        decoration={decoration}
      />
      {step.paths ? (
        <PathsView step={step} paths={step.paths} collapsed={collapsed} />
      ) : (
        <>
          <Connector exit={nextExit(step.id)} after={step.number} />
          {chain && <ChainEnd chain={chain} />}
        </>
      )}
    </li>
  );
});

function PathsView({ step, paths, collapsed }: { step: Step; paths: Path[]; collapsed: boolean }) {
  const { t } = useTranslation("editor");
  const { editing } = useCanvas();
  const taken = useMoving((moving) => moving.taken);
  if (collapsed) {
    const count = paths.reduce((sum, path) => sum + chainSteps(path.chain).length, 0);
    return (
      <>
        <div className={classes.line} />
        <button type="button" className={classes.hidden} onClick={() => editing?.onToggleCollapsed(step.id)}>
          {t("canvas.showSteps", { count })}
        </button>
      </>
    );
  }
  return (
    <>
      <div className={classes.stem} data-taken={paths.some((path) => taken.has(path.exit)) || undefined} />
      <ol className={classes.paths} aria-label={t("canvas.pathsOf", { number: step.number })} data-single={paths.length === 1 || undefined}>
        {paths.map((path) => (
          <li key={path.exit} className={classes.path} data-taken={taken.has(path.exit) || undefined}>
            {taken.has(path.exit) && <TakenLine />}
            <PathPill actionId={step.id} action={step.action} exit={path.exit} taken={taken.has(path.exit)} />
            <ChainView chain={path.chain} label={t("canvas.stepsOfPath")} />
          </li>
        ))}
      </ol>
    </>
  );
}
