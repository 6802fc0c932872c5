// A file for whoever helps.
import { language } from "../language";
import { Card } from "../parts";
import { careWords } from "../words/care";

export function Support() {
  const w = careWords[language.value];
  return (
    <Card id="care-support" title={w.support} class="care">
      <p class="row-sub">{w.supportLead}</p>
      <a class="quiet" href="/api/care/support.tar.gz" download data-testid="support">{w.download}</a>
    </Card>
  );
}
