// A thing as a tree of plain values, reached by the paths of its fields.
export type Tree = { [key: string]: unknown };

export function read(tree: Tree, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (at && typeof at === "object" ? (at as Tree)[name] : undefined), tree);
}

/** A copy with another value at a path; undefined takes it out. */
export function write(tree: Tree, path: string, value: unknown): Tree {
  const [name = "", ...rest] = path.split(".");
  const copy = { ...tree };
  const fresh = rest.length === 0 ? value : write((copy[name] ?? {}) as Tree, rest.join("."), value);
  if (fresh === undefined || (rest.length > 0 && Object.keys(fresh as Tree).length === 0)) delete copy[name];
  else copy[name] = fresh;
  return copy;
}

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const sorted = (v: unknown): unknown =>
  v && typeof v === "object" && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, x]) => [k, sorted(x)])) : v;

/** Text as it is compared in a search: one ye and one kaf, no half-spaces, Latin digits. */
export const folded = (s: string): string =>
  s.toLowerCase().normalize("NFKC").replace(/[يى]/g, "ی").replace(/ك/g, "ک").replace(/[\u200c\u200d\u0640\u064b-\u0652\s]/g, "")
    .replace(/[\u06f0-\u06f9\u0660-\u0669]/g, (d) => String(d.charCodeAt(0) & 0xf));

/** Seconds of a duration as the box writes it: 1m30s. */
export function secondsOf(text: string): number {
  let all = 0;
  for (const [, n, unit] of text.matchAll(/([\d.]+)(h|ms|m|s)/g)) all += Number(n) * { h: 3600, m: 60, s: 1, ms: 0.001 }[unit as "h"]!;
  return all;
}
