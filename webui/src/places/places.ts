// The places of the page. A place is an address (#/calls, #/settings/queues/700), a name,
// an icon, and code of its own that is loaded when somebody first goes there.
import type { ComponentType } from "preact";
import type { Me } from "../api";
import { Overview } from "./overview";

/** What a place shows: path is what its address has behind its name. */
export type View = ComponentType<{ path: string[]; who: Me }>;

export interface Place {
  id: string; // in the address; its name is shell.places[id]
  icon: string; // outline in a square of 24
  view?: View; // of what comes with the first load
  load?: () => Promise<View>;
  /** It is reached from others, and not listed among them. */
  apart?: boolean;
  /** Any of these rights lets somebody see it; none named: everybody signed in. */
  rights?: string[];
}

export const places: Place[] = [
  { id: "overview", icon: "M4 13h7V4H4zM13 20h7v-9h-7zM4 20h7v-4H4zM13 8h7V4h-7z", view: Overview },
  { id: "calls", rights: ["calls"], icon: "M6 3h3l2 5-2.5 2a12 12 0 0 0 5.5 5.5l2-2.5 5 2v3a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z", load: async () => (await import("./calls")).CallsPlace },
  { id: "queues", rights: ["calls", "direct", "act"], icon: "M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2.5 19a5.5 5.5 0 0 1 11 0M16 5.5a3 3 0 0 1 0 5.5M17 14a5.5 5.5 0 0 1 4.5 5", load: async () => (await import("./floor")).FloorPlace },
  { id: "recordings", rights: ["hear", "messages"], icon: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6", load: async () => (await import("./recordings")).RecordingsPlace },
  { id: "reports", rights: ["reports"], icon: "M4 20V4M4 20h16M8 17v-5M12 17V8M16 17v-7M20 17V6", load: async () => (await import("../reports/place")).Reports },
  { id: "sounds", rights: ["settings"], icon: "M9 18V6l11-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM20 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z", load: async () => (await import("./sounds")).SoundsPlace },
  { id: "settings", rights: ["plant", "settings"], icon: "M4 7h10M18 7h2M4 17h2M10 17h10M16 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z", load: async () => (await import("../settings/place")).SettingsPlace },
  { id: "care", rights: ["keep", "plant"], icon: "M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 12l2 2 4-4", load: async () => (await import("../care/place")).CarePlace },
  { id: "tools", rights: ["trace", "plant"], icon: "M14 7a4 4 0 0 1 5-3.8L16.5 6 18 7.5 20.8 5A4 4 0 0 1 15.5 10L8 17.5a2 2 0 1 1-2.8-2.8L12.700 7.200", load: async () => (await import("./tools")).ToolsPlace },
  { id: "people", rights: ["users"], icon: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20a6.500 6.500 0 0 1 13 0M18 8v6M15 11h6", load: async () => (await import("../accounts/people")).PeoplePlace },
  { id: "setup", apart: true, rights: ["settings"], icon: "", load: async () => (await import("../setup/place")).SetupPlace },
  { id: "api", apart: true, icon: "", load: async () => (await import("../reference/place")).ReferencePlace },
  { id: "account", rights: ["account"], icon: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.500a7.500 7.500 0 0 1 15 0", load: async () => (await import("../accounts/account")).AccountPlace },
];
