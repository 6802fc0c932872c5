// The floor: who waits in which queue, and what the agents do.
import { language } from "../language";
import { wallWords } from "../words/wall";
import { Agents } from "../people";
import { Queues } from "../queues";

export const FloorPlace = () => <div class="stack halves"><Queues /><Agents /><p><a class="quiet" href="#/wall" data-testid="wall-open">{wallWords[language.value].open}</a></p></div>;
