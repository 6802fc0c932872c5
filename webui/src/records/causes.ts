// Why calls end, in the box's own words.
import { signal } from "@preact/signals";
import type { CauseName, Causes } from "../api";
import { get } from "../client";
import { language } from "../language";

export const causes = signal<CauseName[]>([]);

/** Asks the box once. Without an answer causes are shown by their names. */
export async function learnCauses(): Promise<void> {
  if (causes.value.length > 0) return;
  try {
    causes.value = (await get<Causes>("/api/causes")).causes;
  } catch {
    return;
  }
}

export const causeName = (id: string | undefined): string =>
  !id ? "–" : (causes.value.find((c) => c.id === id)?.name[language.value] ?? id);
