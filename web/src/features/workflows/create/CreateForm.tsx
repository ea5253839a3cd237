import { Button, Stack } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { DialogFooter } from "@/ui/DialogFooter";
import { sayProblem } from "@/ui/toast";
import { useCreateFlow } from "../queries";

export const LONGEST_NAME = 200; // characters, as the server has it

type Wish = Parameters<ReturnType<typeof useCreateFlow>["mutate"]>[0];

interface Props {
  /** What to create; undefined while something is still missing. */
  wish: Wish | undefined;
  onClose: () => void;
  children: ReactNode;
}

/** The fields of a new workflow with the button that creates it and opens it in the editor. */
export function CreateForm({ wish, onClose, children }: Props) {
  const { t } = useTranslation("workflows");
  const navigate = useNavigate();
  const create = useCreateFlow();

  const submit = () => {
    if (wish) {
      create.mutate(wish, {
        onSuccess: (made) => void navigate({ to: "/workflows/$flowId", params: { flowId: made.id } }),
        onError: (error) => sayProblem(error, t("create.failed")),
      });
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="md">
        {children}
        <DialogFooter>
          <Button variant="default" onClick={onClose}>
            {t("ui:action.cancel")}
          </Button>
          <Button type="submit" disabled={!wish} loading={create.isPending}>
            {t("create.submit")}
          </Button>
        </DialogFooter>
      </Stack>
    </form>
  );
}
