import { useTranslation } from "react-i18next";
import { nextExit } from "../model/edges";
import { type Chain, chainSteps, type Step } from "../model/tree";
import { useCanvas, useMoving } from "./canvas-context";
import { ChainEnd } from "./ChainEnd";
import { Connector } from "./Connector";
import classes from "./FlowTree.module.css";
import { PathPill } from "./PathPill";
import { StepCard } from "./StepCard";

interface Props {
  chain: Chain;
  /** The name of the list for screen readers. */
  label: string;
  /** Whether a record came down this chain. */
  taken: boolean;
  loose?: boolean;
}

/** Steps that follow each other, with a + before, between and after them. */
export function ChainView({ chain, label, taken, loose = false }: Props) {
  const moving = useMoving();
  const first = !loose && <Connector exit={chain.exit} after={null} taken={taken} />;
  if (chain.steps.length === 0) {
    return (
      <div className={classes.chain}>
        {first}
        <ChainEnd chain={chain} />
      </div>
    );
  }
  return (
    <div className={classes.chain}>
      {first}
      <ol className={classes.steps} aria-label={label}>
        {chain.steps.map((step, index) => (
          <li key={step.id} className={classes.step}>
            <StepCard
              id={step.id}
              number={step.number}
              action={step.action}
              name={moving.names(step.id)}
              selected={moving.selected === step.id}
              renaming={moving.renaming === step.id}
              dragged={moving.dragging === step.id}
              collapsed={step.paths ? moving.collapsed.has(step.id) : undefined}
              decoration={moving.decorations.get(step.id)}
            />
            {step.paths ? (
              <PathsView step={step} />
            ) : (
              <>
                <Connector exit={nextExit(step.id)} after={step.number} taken={moving.taken.has(nextExit(step.id))} />
                {index === chain.steps.length - 1 && <ChainEnd chain={chain} />}
              </>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function PathsView({ step }: { step: Step }) {
  const { t } = useTranslation("editor");
  const { look, editing } = useCanvas();
  const { collapsed, taken } = useMoving();
  const paths = step.paths ?? [];
  if (collapsed.has(step.id)) {
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
            <PathPill actionId={step.id} action={step.action} index={path.index} taken={taken.has(path.exit)} look={look} />
            <ChainView chain={path.chain} label={t("canvas.stepsOfPath")} taken={taken.has(path.exit)} />
          </li>
        ))}
      </ol>
    </>
  );
}
