// The pages of the settings that have a form of their own.
import type { ComponentType } from "preact";

export interface SettingsPage {
  id: string;
  /** Only where the box has its network and its updates in its own hand. */
  appliance?: boolean;
  load: () => Promise<ComponentType<{ path: string[] }>>;
}

/** In the order in which they are listed; settings.pages[id] of the words is the name. */
export const pages: SettingsPage[] = [
  { id: "hours", load: async () => (await import("../hours")).HoursSettings },
  { id: "queues", load: async () => (await import("../queueform")).QueueSettings },
  { id: "history", load: async () => (await import("../things/history")).History },
  { id: "audit", load: async () => (await import("../things/audit")).Audit },
  { id: "file", load: async () => (await import("../things/file")).SettingsFile },
  { id: "appliance", appliance: true, load: async () => (await import("../appliance/page")).AppliancePage },
  { id: "tones", load: async () => (await import("../tones")).Tones },
];
