// The door that action.yml names: runs the step as soon as it is loaded.

import { run } from "./main.ts";

await run();
