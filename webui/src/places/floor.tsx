// The floor: who waits in which queue, and what the agents do.
import { Agents } from "../people";
import { Queues } from "../queues";

export const FloorPlace = () => <div class="stack halves"><Queues /><Agents /></div>;
