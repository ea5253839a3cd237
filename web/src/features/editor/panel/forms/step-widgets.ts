import type { Widgets } from "@/ui/schema-form/widget";
import { PropertiesWidget, PropertyWidget, SecretWidget, TimeOfDayWidget, UsersWidget } from "./record-widgets";
import { tokenWidgets } from "./token-widgets";
import { ValueWidget } from "./ValueWidget";

/** The widgets of workflow steps by the `control` of their schemas, beside the plain ones. */
export const stepWidgets: Widgets = {
  ...tokenWidgets,
  property: PropertyWidget,
  properties: PropertiesWidget,
  users: UsersWidget,
  secret: SecretWidget,
  time_of_day: TimeOfDayWidget,
  value: ValueWidget,
};
