import { render } from "preact";
import { App } from "./app";
import { askWho } from "./store";

render(<App />, document.getElementById("app")!);
void askWho();
