import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { useFormats } from "@/i18n/format";

interface Props {
  label: string;
  days: Record<string, number | string>[];
  series: { name: string; label: string; color: string }[];
  format: (value: number) => string;
}

/** Bars by day. The table beneath says the same, so that screen readers are led past the drawing. */
export function DayChart({ label, days, series, format }: Props) {
  const formats = useFormats();
  return (
    <div role="img" aria-label={label}>
      <div aria-hidden>
        <BarChart
          h={220}
          data={days}
          dataKey="day"
          series={series}
          type={series.length > 1 ? "stacked" : "default"}
          valueFormatter={format}
          tickLine="none"
          gridAxis="x"
          withLegend={series.length > 1}
          xAxisProps={{ tickFormatter: (day: string) => formats.day(`${day}T12:00:00`).replace(/,? \d{4}$/, ""), minTickGap: 24, interval: "equidistantPreserveStart" }}
          yAxisProps={{ width: 72 }}
          barProps={{ isAnimationActive: false, maxBarSize: 28, radius: series.length > 1 ? 0 : 2 }}
          tooltipAnimationDuration={0}
          barChartProps={{ accessibilityLayer: false, margin: { top: 8 } }} // nothing in a drawing that is passed over takes the focus
        />
      </div>
    </div>
  );
}
