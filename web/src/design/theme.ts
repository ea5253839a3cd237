import {
  type ActionIconProps,
  type BadgeProps,
  type ButtonProps,
  type CheckboxProps,
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
  type MenuProps,
  type ModalProps,
  type MultiSelectProps,
  type NumberInputProps,
  type PasswordInputProps,
  type SegmentedControlProps,
  type SelectProps,
  type SwitchProps,
  type TableProps,
  type TabsProps,
  type TagsInputProps,
  type TextareaProps,
  type TextInputProps,
  type TooltipProps,
} from "@mantine/core";
import type { SyntheticEvent } from "react";

/* Mantine computes with tuples; shade 6 is the accent of tokens.css in light, shade 4 the one in dark. */
const accent: MantineColorsTuple = [
  "#eef3ff", "#dce5ff", "#b6c8ff", "#8fabff", "#7b9dff", "#4a74ec", "#2855e0", "#1f47c4", "#1a3ca6", "#15318a",
];

/* Mantine's dark greys are neutral; ours are bluish, as in tokens.css. */
const dark: MantineColorsTuple = [
  "#eceef2", "#a9b1be", "#949dab", "#454c58", "#2c313a", "#23272f", "#1a1d23", "#1a1d23", "#111318", "#0c0e12",
];

const gray: MantineColorsTuple = [
  "#f8f9fb", "#f3f4f7", "#eceef2", "#e2e5ea", "#d4d8df", "#c3c9d2", "#949dab", "#68707d", "#545c69", "#15181e",
];

/* Light parts take tint and text from tokens.css; Mantine would compute a tint that is nearly black in dark. */
const SOFT: Readonly<Record<string, { background: string; color: string; hover?: string }>> = {
  accent: { background: "var(--accent-soft)", color: "var(--accent)", hover: "var(--accent-soft-hover)" },
  gray: { background: "var(--surface-hover)", color: "var(--ink)" },
  green: { background: "var(--success-soft)", color: "var(--success)" },
  yellow: { background: "var(--warning-soft)", color: "var(--warning)" },
  red: { background: "var(--error-soft)", color: "var(--error)" },
};

/** Filled parts in the accent take it from tokens.css, where each scheme names the text colour that is legible on it. */
const variantColors: VariantColorsResolver = (input) => {
  const color = input.color ?? input.theme.primaryColor;
  const resolved = defaultVariantColorsResolver(input);
  const soft = input.variant === "light" ? SOFT[color] : undefined;
  if (soft) return { ...resolved, background: soft.background, hover: soft.hover ?? soft.background, color: soft.color };
  if (color === "accent" && input.variant === "subtle") return { ...resolved, hover: "var(--accent-soft)", color: "var(--accent)" };
  if (color === "accent" && input.variant === "transparent") return { ...resolved, color: "var(--accent)" };
  if (input.variant !== "filled" || color !== "accent") return resolved;
  return { ...resolved, background: "var(--accent)", hover: "var(--accent-hover)", color: "var(--on-accent)" };
};

const control = { size: "sm" as const };
const tooltip = { openDelay: 350, withArrow: false, transitionProps: { duration: 120 } };

/** Only the types of the components: `Button.extend()` would bring every component into the first load. */
function defaults<Props>(defaultProps: Partial<Props>): { defaultProps: Partial<Props> } {
  return { defaultProps };
}

/** What is typed into a drop-down that can be searched replaces the choice that stands in it. */
function markText({ currentTarget }: SyntheticEvent<HTMLInputElement>): void {
  if (!currentTarget.readOnly) currentTarget.select();
}

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 6, dark: 4 },
  autoContrast: true,
  variantColorResolver: variantColors,
  colors: { accent, dark, gray },
  white: "#ffffff",
  black: "#15181e",
  fontFamily: '"Inter Variable", Inter, system-ui, sans-serif',
  fontFamilyMonospace: "var(--mono)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "15px", xl: "18px" },
  lineHeights: { xs: "16px", sm: "18px", md: "20px", lg: "22px", xl: "26px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  defaultRadius: "md",
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "28px" },
      h2: { fontSize: "15px", lineHeight: "22px" },
      h3: { fontSize: "14px", lineHeight: "20px" },
    },
  },
  shadows: { md: "var(--shadow-float)", lg: "var(--shadow-float)", xl: "var(--shadow-float)" },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    ActionIcon: defaults<ActionIconProps>({ variant: "subtle", color: "gray", size: "md" }),
    Badge: defaults<BadgeProps>({ variant: "light", radius: "xl", tt: "none", fw: 500 }),
    Button: defaults<ButtonProps>({ size: "xs", fw: 500 }),
    Checkbox: defaults<CheckboxProps>({ size: "xs", radius: 4 }),
    // Without a placeholder the keyboard begins at the first item, as menus do (WAI-ARIA, menu button pattern).
    Menu: defaults<MenuProps>({ withInitialFocusPlaceholder: false, shadow: "md", withinPortal: true, transitionProps: { duration: 120 } }),
    Modal: defaults<ModalProps>({
      centered: true,
      radius: "lg",
      shadow: "xl",
      overlayProps: { backgroundOpacity: 0.35 },
      transitionProps: { duration: 140 },
      // What has the keyboard is not hidden by the title above it or the buttons below it.
      styles: { content: { scrollPaddingBlock: "64px 72px" } },
    }),
    MultiSelect: defaults<MultiSelectProps>(control),
    NumberInput: defaults<NumberInputProps>(control),
    PasswordInput: defaults<PasswordInputProps>(control),
    SegmentedControl: defaults<SegmentedControlProps>({ size: "xs", withItemsBorders: false }),
    Select: defaults<SelectProps>({ ...control, allowDeselect: false, selectFirstOptionOnChange: true, onFocus: markText, onClick: markText }),
    Switch: defaults<SwitchProps>({ size: "sm", withThumbIndicator: false }),
    Table: defaults<TableProps>({ verticalSpacing: 8, horizontalSpacing: "sm" }),
    Tabs: defaults<TabsProps>({ keepMounted: false }),
    TagsInput: defaults<TagsInputProps>(control),
    Textarea: defaults<TextareaProps>({ ...control, autosize: true, minRows: 2 }),
    TextInput: defaults<TextInputProps>(control),
    Tooltip: defaults<TooltipProps>(tooltip),
  },
});

/** Mantine's own variables pointed at ours, so that both kinds of parts agree in both schemes. */
export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-2)",
    "--mantine-color-placeholder": "var(--ink-3)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--surface-hover)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-disabled": "var(--surface-hover)",
    "--mantine-color-disabled-color": "color-mix(in srgb, var(--ink-3) 65%, var(--surface))",
    "--mantine-color-disabled-border": "var(--line)",
    "--mantine-color-error": "var(--error)",
    "--mantine-color-anchor": "var(--accent)",
  };
  return { variables: {}, light: shared, dark: shared };
};
