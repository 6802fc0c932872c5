// Agents needed and on duty, half hour by half hour: the table beside says the same.
import type { StaffingHalf } from "../api";
import { count, language } from "../language";
import { staffingWords } from "../words/staffing";
import { clockOf, tenth } from "./staffing";

export function Bars({ halves }: { halves: StaffingHalf[] }) {
  const w = staffingWords[language.value];
  const [wide, high, n] = [24, 120, halves.length];
  const most = Math.max(1, ...halves.map((h) => Math.max(h.most, h.on_duty)));
  const at = (i: number) => (language.value === "fa" ? n - 1 - i : i) * wide; // time runs as the text does
  const tall = (v: number) => (v / most) * (high - 6);
  const each = Math.ceil(n / 12);
  return (
    <figure class="staffing-bars">
      <svg viewBox={`0 0 ${wide * n} ${high + 18}`} role="img" aria-label={w.title} data-testid="staffing-bars">
        {halves.map((h, i) => {
          const x = at(i);
          const middle = x + wide / 2;
          return (
            <g key={h.from}>
              <title>{w.bar(clockOf(h.from), count(h.need), tenth(h.on_duty))}</title>
              <rect x={x} y={0} width={wide} height={high} class="bar-room" />
              <rect x={x + 3} y={high - tall(h.need)} width={wide - 6} height={tall(h.need)} rx={2} class={`bar-need ${h.few ? "unsure" : ""}`} />
              <line x1={middle} x2={middle} y1={high - tall(h.least)} y2={high - tall(h.most)} class="bar-range" />
              <line x1={x + 1} x2={x + wide - 1} y1={high - tall(h.on_duty)} y2={high - tall(h.on_duty)} class="bar-duty" />
              {i % each === 0 && <text x={middle} y={high + 14} text-anchor="middle">{clockOf(h.from)}</text>}
            </g>
          );
        })}
      </svg>
      <figcaption class="hint"><i class="key need" /> {w.needed} <i class="key range" /> {w.likely} <i class="key duty" /> {w.onDuty}</figcaption>
    </figure>
  );
}
