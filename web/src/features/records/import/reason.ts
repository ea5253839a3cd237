import { useTranslation } from "react-i18next";

interface CellError {
  code: string;
  /** The server's own words, for a code that is not known here. */
  message: string;
  /** The property's label, or the column's name where it is not known which property it fills. */
  property: string;
  value: string;
}

/** Why a row or a cell of a file was not taken, naming the property as the screens do and the value as it stood there. */
export function useReason(): (error: CellError) => string {
  const { t, i18n } = useTranslation("records");
  return ({ code, message, property, value }) =>
    i18n.exists(`records:import.error.${code}`) ? t(`import.error.${code}`, { property, value }) : message;
}
