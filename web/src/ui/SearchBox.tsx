import { CloseButton, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { SearchIcon } from "@/design/icons";

const TYPING = 250; // milliseconds of quiet before a search is sent

interface Props {
  value: string;
  label: string;
  onChange: (value: string) => void;
  className?: string | undefined;
}

/** A search that is kept in the address: what is typed is sent after a moment of quiet, without surrounding spaces. */
export function SearchBox({ value, label, onChange, className }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  const latest = useRef(onChange);
  latest.current = onChange;

  // The address changed by something else than this box: back, a link.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setTyped(value);
  }, [value]);

  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = wanted;
      latest.current(wanted);
    }, TYPING);
    return () => clearTimeout(timer);
  }, [typed]);

  return (
    <TextInput
      className={className}
      size="xs"
      type="search"
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      placeholder={label}
      aria-label={label}
      leftSection={<SearchIcon size={14} aria-hidden />}
      rightSection={typed !== "" && <CloseButton size="xs" aria-label={t("action.clear")} onClick={() => setTyped("")} />}
    />
  );
}
