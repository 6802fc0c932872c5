// What the box tells about its settings: the description of all kinds, asked once.
import { signal } from "@preact/signals";
import type { Description, Kind, Text } from "../api";
import { get } from "../client";
import { language } from "../language";

export const kinds = signal<Kind[]>([]);
export const learn = async (): Promise<void> => {
  if (kinds.value.length === 0) kinds.value = (await get<Description>("/api/describe")).kinds;
};
export const told = (words: Text): string => words[language.value];
export const kindOf = (id: string): Kind | undefined => kinds.value.find((k) => k.id === id);
/** The thing that was saved last, as "kind id": its form says so. */
export const saved = signal("");
