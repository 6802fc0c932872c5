// What went wrong with a form, and the way out when somebody else was faster.
import { Refused } from "./client";
import { language } from "./language";
import { Fault } from "./parts";
import { thingWords } from "./words/things";

/** again shows what somebody else has set meanwhile, and drops what was written here. */
export const Late = ({ error, id, again }: { error: unknown; id: string; again: () => void }) => (
  <>
    <Fault error={error} id={id} />
    {error instanceof Refused && error.status === 412 && <button type="button" class="quiet" onClick={again} data-testid={`${id}-theirs`}>{thingWords[language.value].theirs}</button>}
  </>
);
