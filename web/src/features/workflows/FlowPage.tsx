import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "@/ui/Page";
import { FlowTabs } from "../editor/bar/FlowTabs";
import classes from "./FlowPage.module.css";

interface Props {
  flowId: string;
  /** The workflow's name, or what stands for it while it is not known. */
  name: string;
  current: "runs" | "evals" | "revisions" | "settings";
  children: ReactNode;
}

/** A screen of one workflow beside its editor: its name and the tabs stand where the editor has them. */
export function FlowPage({ flowId, name, current, children }: Props) {
  const { t } = useTranslation("workflows");
  return (
    <Page
      title={name}
      before={
        <>
          <Link to="/workflows" className={classes.crumb}>
            {t("title")}
          </Link>
          <span className={classes.slash} aria-hidden>
            /
          </span>
        </>
      }
      tabs={<FlowTabs flowId={flowId} current={current} />}
      flush
    >
      {children}
    </Page>
  );
}
