// One figure of hours, days or weekdays as bars, with the other period as marks. Drawn here and not by a library: time
// runs as the text does, digits and days are the reader's, and the table below it says the same.
import { useSignal } from "@preact/signals";
import type { Formula, Report, Row } from "../api";
import { language } from "../language";
import { words } from "./asked";
import { keyWords, shown } from "./shown";
import { weekdayName, whenIn } from "./when";

const [wide, high, foot, side] = [960, 220, 22, 52];

/** A round number not below n, to write on the axis. */
function round(n: number): number {
  if (n <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 2.5, 5, 10].map((m) => m * power).find((m) => m >= n - 1e-9)!;
}

/** The top of the axis and its lines: counts are whole, times whole minutes or seconds. */
function scale(f: Formula, most: number): { top: number; lines: number[] } {
  if (f.unit === "ratio") return { top: 1, lines: [0, 0.25, 0.5, 0.75, 1] };
  if (f.unit === "score") return { top: 5, lines: [0, 1, 2, 3, 4, 5] };
  const unit = f.unit !== "ms" ? 1 : most > 7_200_000 ? 3_600_000 : most > 120_000 ? 60_000 : 1000;
  const step = Math.max(1, round(most / unit / 4)) * unit;
  const whole = unit === 1 ? Math.ceil(step) : step;
  const count = Math.max(1, Math.ceil(most / whole - 1e-9));
  return { top: whole * count, lines: Array.from({ length: count + 1 }, (_, i) => i * whole) };
}

/** The label under a bar. */
function tick(r: Report, x: Row): string {
  const when = whenIn(r.zone);
  return r.by === "hour" ? when.tick(x.at ?? r.from) : r.by === "day" ? when.short(x.at ?? r.from) : weekdayName(x.key);
}

export function Chart({ report: r, other, formula: f, drill }: { report: Report; other: Report | null; formula: Formula; drill: (row: Row) => void }) {
  const w = words.value;
  const near = useSignal(-1);
  const value = (x: Row | undefined) => x?.values[f.id];
  const was = (i: number) => value(other?.rows[i]);
  const { top, lines } = scale(f, Math.max(0, ...r.rows.map((x) => value(x) ?? 0), ...(other?.rows ?? []).map((x) => value(x) ?? 0)));
  const room = (wide - side) / Math.max(1, r.rows.length);
  const turned = language.value === "fa";
  const at = (i: number) => (turned ? wide - side - (i + 1) * room : side + i * room);
  const y = (v: number) => high - (v / top) * (high - 10);
  const each = Math.ceil(r.rows.length / (r.by === "hour" ? 24 : 12));
  const parted = f.id === "offered"; // of the offered ones the answered ones are shown, too
  const told = (x: Row, i: number) => {
    const before = was(i);
    return `${keyWords(r, x)}: ${shown(f, value(x))}${parted ? ` · ${w.answered} ${shown(f, x.values.answered ?? 0)}` : ""}${before === undefined ? "" : ` · ${w.wasBefore(shown(f, before))}`}`;
  };
  const seen = r.rows[near.value];
  return (
    <figure class="chart" data-testid="chart" data-figure={f.id}>
      <svg viewBox={`0 0 ${wide} ${high + foot}`} role="img" aria-label={`${w.chartOf(f.name[language.value])}. ${w.chartHint}`} data-testid="bars" onMouseLeave={() => (near.value = -1)}>
        {lines.map((v) => (
          <g key={v}>
            <line class="chart-line" x1={turned ? 0 : side} x2={turned ? wide - side : wide} y1={y(v)} y2={y(v)} />
            <text x={turned ? wide - side + 6 : side - 6} y={y(v) + 4} direction="ltr" text-anchor={turned ? "start" : "end"}>{shown(f, v)}</text>
          </g>
        ))}
        {r.rows.map((x, i) => {
          const [v, before] = [value(x) ?? 0, was(i)];
          const answered = parted ? (x.values.answered ?? 0) : 0;
          const bar = (n: number, name: string) => n > 0 && <rect x={at(i) + room * 0.14} y={y(n)} width={room * 0.72} height={high - y(n)} rx={Math.min(3, room / 6)} class={name} />;
          return (
            <g key={x.key} onMouseEnter={() => (near.value = i)} onClick={() => v > 0 && drill(x)}>
              <rect x={at(i)} y={0} width={room} height={high} class="bar-room" />
              {bar(v, parted ? "bar-all" : "bar-one")}
              {bar(answered, "bar-answered")}
              {before !== undefined && <line class="bar-before" x1={at(i) + room * 0.04} x2={at(i) + room * 0.96} y1={y(before)} y2={y(before)} />}
              {i % each === 0 && <text x={at(i) + room / 2} y={high + 16} text-anchor="middle">{tick(r, x)}</text>}
            </g>
          );
        })}
      </svg>
      <figcaption>
        <span class="legend">
          {parted ? <><i class="bar-all" />{w.offered} <i class="bar-answered" />{w.answered}</> : <><i class="bar-one" />{f.name[language.value]}</>}
          {other && <> <i class="bar-before" />{w.before}</>}
        </span>
        <span class="chart-told" aria-hidden="true">{seen ? told(seen, near.value) : ""}</span>
      </figcaption>
    </figure>
  );
}
