// An overview in, its text for a terminal out; the command line reaches the channels room through here.

export { isPressing } from "../../channels/overview.ts";
export type { Overview } from "../../channels/overview.ts";
export { peopleText } from "../../channels/words.ts";
export { renderRotationTerminal as renderScreen } from "../../channels/terminal.ts";
