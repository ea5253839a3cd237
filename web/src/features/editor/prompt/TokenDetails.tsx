import { Button, Checkbox, Group, NumberInput, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./TokenField.module.css";
import { useTokenScope } from "./token-scope";
import { filterArgument, isFenced, type PlacedToken, type Token, withFence, withFilter } from "./tokens";

interface Props {
  left: number;
  top: number;
  token: PlacedToken;
  readOnly: boolean;
  /** Whether the text is a prompt, in which a value can stand in a fence. */
  fences: boolean;
  onChange: (token: Token) => void;
  onRemove: () => void;
  onClose: () => void;
}

/** What a chip stands for, and what to write when the record has no value for it or a very long one. */
export function TokenDetails({ left, top, token, readOnly, fences, onChange, onRemove, onClose }: Props) {
  const { t } = useTranslation("forms");
  const scope = useTokenScope();
  const choice = scope.find(token.path);
  const [instead, setInstead] = useState(String(filterArgument(token, "default") ?? ""));
  const [most, setMost] = useState<string | number>(filterArgument(token, "truncate") ?? "");
  const [fenced, setFenced] = useState(isFenced(token));
  const apply = () => onChange(withFence(withFilter(withFilter(token, "truncate", most === "" ? undefined : Number(most)), "default", instead), fenced));
  return (
    <Popover opened onChange={(stays) => stays || onClose()} position="bottom-start" width={280} trapFocus returnFocus={false} shadow="md" offset={6}>
      <Popover.Target>
        <span className={classes.anchor} style={{ left, top }} />
      </Popover.Target>
      <Popover.Dropdown aria-label={choice?.label ?? token.path}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            apply();
          }}
        >
          <Stack gap="sm">
            <div>
              <Text fw={600} size="sm">
                {choice?.label ?? token.path}
              </Text>
              <Text size="xs" c={choice || !scope.ready ? "dimmed" : "var(--error)"}>
                {!choice && scope.ready
                  ? t("token.unknown", { path: token.path })
                  : choice?.sample !== undefined && scope.sampleOf
                    ? t("token.sample", { record: scope.sampleOf, value: choice.sample || t("token.noValue") })
                    : token.path}
              </Text>
            </div>
            <TextInput label={t("token.default")} placeholder={t("token.defaultPlaceholder")} value={instead} onChange={(event) => setInstead(event.currentTarget.value)} data-autofocus disabled={readOnly} autoComplete="off" />
            <NumberInput label={t("token.truncate")} placeholder={t("token.truncatePlaceholder")} value={most} onChange={setMost} min={1} max={100_000} allowDecimal={false} hideControls disabled={readOnly} />
            {fences && <Checkbox label={t("token.fence")} description={t("token.fenceHelp")} checked={fenced} onChange={(event) => setFenced(event.currentTarget.checked)} disabled={readOnly} />}
            {!readOnly && (
              <Group justify="space-between">
                <Button variant="subtle" color="gray" onClick={onRemove}>
                  {t("token.remove")}
                </Button>
                <Button type="submit">{t("token.apply")}</Button>
              </Group>
            )}
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
