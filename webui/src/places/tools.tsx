// Tools: try a call, watch SIP, see who is shut out, and the certificate.
import { Certificate } from "../certificate";
import { Protected } from "../protection";
import { Rehearsal } from "../rehearsal";
import { LiveTrace } from "../watch";

export const ToolsPlace = () => <div class="stack halves"><Rehearsal /><LiveTrace /><Protected /><Certificate /></div>;
