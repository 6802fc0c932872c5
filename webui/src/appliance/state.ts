// What the page knows of the box under the telephone.
import { signal } from "@preact/signals";
import type { Appliance } from "../api";
import { get } from "../client";

export const appliance = signal<Appliance | null>(null);

export const look = async (): Promise<void> => void (appliance.value = await get<Appliance>("/api/appliance"));
