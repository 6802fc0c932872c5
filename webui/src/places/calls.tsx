// Calls: those going on, and the list of those that have ended.
import { Calls } from "../calls";
import { Records } from "../records/list";
import { Conferences } from "../conferences";

export const CallsPlace = () => <div class="stack"><Calls /><Conferences /><Records /></div>;
