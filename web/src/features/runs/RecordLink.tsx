import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useObjectType } from "@/api/object-types";

interface Props {
  objectTypeId: string;
  recordId: string;
  name: string | null;
}

/** A record by its name, else by its type and number. */
export function RecordLink({ objectTypeId, recordId, name }: Props) {
  const { t } = useTranslation("runs");
  const type = useObjectType(objectTypeId);
  return (
    <Link to="/records/$objectType/$recordId" params={{ objectType: type.name, recordId }}>
      {name || t("recordNumbered", { type: type.singular, id: recordId })}
    </Link>
  );
}
