// The business's own sounds and music.
import { Sounds } from "../sounds";

export const SoundsPlace = () => <div class="stack"><Sounds /></div>;
