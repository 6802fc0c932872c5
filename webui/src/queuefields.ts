// The settings of a queue as the fields of a form: where each is in the queue, how it is
// written in one line, and back. What the form does not know stays as it is.
import { Refused } from "./client";
import { ascii } from "./language";

/** A queue by the names and in the words of the configuration file. */
export type Tree = { [name: string]: unknown };

export type Kind = "text" | "number" | "count" | "seconds" | "flag" | "words" | "pairs" | "agents" | "skills" | "names" | readonly string[];

export interface Setting { path: string; kind: Kind }

/** The groups of the form, in order. A list of words is a choice; "" is the usual. */
export const groups: { name: string; settings: Setting[] }[] = [
  { name: "basic", settings: of({
    name: "text", language: ["", "fa", "en"], strategy: ["ring-all", "linear", "round-robin", "longest-idle", "fewest-calls", "least-talk-time", "random", "weighted-random", "skills"],
    agents: "agents", ring_for: "seconds", wrap_up: "seconds", weight: "count", record: ["", "never", "on-demand", "always"],
    formerly: "words",
  }) },
  { name: "choice", settings: of({
    tier_wait: "seconds", skills: "skills", sticky_for: "seconds", auto_pause: "count",
    "rest.rejected": "seconds", "rest.busy": "seconds", "rest.no_answer": "seconds",
  }) },
  { name: "limits", settings: of({
    max_callers: "count", max_wait: "seconds", divert_wait: "seconds", divert_ratio: "count", join_empty: "words", leave_empty: "words", keep_place: "seconds",
  }) },
  { name: "ways", settings: of({
    otherwise: "number", on_full: "number", on_timeout: "number", on_empty: "number", on_leave_empty: "number", on_divert: "number", operator: "number", keys: "pairs",
    "night.hours": "text", "night.switch": "number", "night.destination": "number",
  }) },
  { name: "heard", settings: of({
    music: "text", ring_tone: "flag", announce_every: "seconds", "announce.first": "seconds", "announce.position": ["", "never", "up-to", "more-than"], "announce.limit": "count",
    "announce.wait": ["", "once", "never"], "announce.improved": "flag",
    "messages.prompts": "words", "messages.random": "flag", "messages.every": "seconds", "messages.after": "seconds",
    "collect.prompt": "text", "collect.least": "count", "collect.most": "count", prompts: "pairs",
  }) },
  { name: "callback", settings: of({
    "callback.key": "text", "callback.offer_after": "seconds", "callback.offer_wait": "seconds", "callback.customer_first": "flag", "callback.confirm": "flag",
    "callback.greeting": "text", "callback.ring_for": "seconds", "callback.tries": "count", "callback.gap": "seconds", "callback.expire": "seconds",
    "callback.from": "text", "callback.until": "text", "callback.slot": "seconds", "callback.per_slot": "count", "callback.days": "count",
    "callback.route": "text", "callback.caller_id": "number", "callback.allow": "words", "callback.max_digits": "count",
  }) },
  { name: "agentside", settings: of({
    "whisper.parts": "words", "whisper.prompt": "text", "whisper.confirm": "flag",
    "survey.prompt": "text", "survey.questions": "words", "survey.tries": "count", "survey.timeout": "seconds",
    dispositions: "names", disposition_wait: "seconds", hold_reminder: "seconds",
  }) },
];

function of(fields: { [path: string]: Kind }): Setting[] {
  return Object.entries(fields).map(([path, kind]) => ({ path, kind }));
}

/** Whether a refusal is about a setting, or about a part of it: "keys.9", "agents[1].tier". */
export const isOf = (error: unknown, path: string): boolean =>
  error instanceof Refused && (error.field === path || error.field.startsWith(`${path}.`) || error.field.startsWith(`${path}[`));

export function read(tree: Tree, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (at as Tree | undefined)?.[name], tree);
}

/** A copy of a tree with one value in it; undefined takes it out. */
export function put(tree: Tree, path: string, value: unknown): Tree {
  const [name, rest] = [path.split(".", 1)[0]!, path.split(".").slice(1).join(".")];
  const { [name]: old, ...others } = tree;
  const fresh = rest ? put((old as Tree) ?? {}, rest, value) : value;
  return fresh === undefined ? others : { ...others, [name]: fresh };
}

/** Seconds of a duration of the file: "1m30s". */
function seconds(text: string): number {
  let all = 0;
  for (const [, n, unit] of text.matchAll(/([\d.]+)(ms|h|m|s)/g)) all += Number(n) * { h: 3600, m: 60, s: 1, ms: 0.001 }[unit as "h"];
  return all;
}

/** A value in one line, or in one line each for agents, skills and names. */
export function written(value: unknown, kind: Kind): string {
  switch (kind) {
    case "seconds": return value ? String(seconds(String(value))) : "0";
    case "count": return String(value ?? 0);
    case "words": return ((value as string[] | undefined) ?? []).join(" ");
    case "pairs": return pairs((value as Tree | undefined) ?? {});
    case "agents": return ((value as (string | Tree)[] | undefined) ?? []).map(agent).join("\n");
    case "skills": return ((value as { after?: string; needs?: Tree }[] | undefined) ?? []).map((x) => `${seconds(x.after ?? "")} ${pairs(x.needs ?? {})}`.trim()).join("\n");
    case "names": return Object.entries((value as Tree | undefined) ?? {}).map(([k, v]) => `${k}=${String(v)}`).join("\n");
    default: return String(value ?? "");
  }
}

const pairs = (map: Tree): string => Object.entries(map).map(([k, v]) => `${k}=${String(v)}`).join(" ");

function agent(a: string | Tree): string {
  if (typeof a === "string") return a;
  const { extension, skills, dynamic, ...others } = a;
  return [extension, pairs(others), pairs((skills as Tree) ?? {}), dynamic ? "dynamic" : ""].filter(Boolean).join(" ");
}

/** The value that a person wrote; undefined for none. `refusal` says what is wrong with a number. */
export function understood(text: string, { path, kind }: Setting, refusal: string): unknown {
  const plain = ascii(text).trim();
  const whole = (x: string): number => {
    if (!/^\d{1,8}$/.test(x)) throw new Refused(422, "no-number", refusal, path);
    return Number(x);
  };
  const list = plain.split(/[\s,،]+/).filter(Boolean);
  const map = (words: string[], level: boolean): Tree => Object.fromEntries(words.map((x) => {
    const [k, v] = [x.split("=", 1)[0]!, x.slice(x.indexOf("=") + 1)];
    if (!x.includes("=")) throw new Refused(422, "no-number", refusal, path);
    return [k, level ? whole(v) : v];
  }));
  const rows = plain.split("\n").map((row) => row.trim().split(/\s+/).filter(Boolean)).filter((row) => row.length > 0);
  switch (kind) {
    case "seconds": return `${whole(plain || "0")}s`;
    case "count": return whole(plain || "0");
    case "words": return list.length ? list : undefined;
    case "pairs": return list.length ? map(list, false) : undefined;
    case "agents": return rows.map(([extension, ...more]) => {
      if (more.length === 0) return extension;
      const { tier, weight, ...skills } = map(more.filter((x) => x !== "dynamic"), true);
      return { extension, tier: tier ?? 0, weight: weight ?? 0, skills, dynamic: more.includes("dynamic") };
    });
    case "skills": return rows.length ? rows.map(([after, ...needs]) => ({ after: `${whole(after!)}s`, needs: map(needs, true) })) : undefined;
    case "names": {
      const entries = text.split("\n").map((row) => row.trim()).filter(Boolean).map((row) => {
        if (!row.includes("=")) throw new Refused(422, "no-number", refusal, path);
        return [ascii(row.slice(0, row.indexOf("="))).trim(), row.slice(row.indexOf("=") + 1).trim()] as const;
      });
      return entries.length ? Object.fromEntries(entries) : undefined;
    }
    case "number": return plain || undefined;
    default: return text.trim() || undefined;
  }
}
