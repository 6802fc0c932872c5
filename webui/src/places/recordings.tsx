// What the box has kept of voices: recordings of calls, and messages.
import { Recordings } from "../recordings";
import { Voicemail } from "../voicemail";

export const RecordingsPlace = () => <div class="stack"><Recordings /><Voicemail /></div>;
