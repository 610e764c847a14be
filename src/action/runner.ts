// What a run has to say in; lines, files and variables as the runner of GitHub Actions takes them out.

import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync, statSync } from "node:fs";
import { isFileTrouble } from "../base/file-trouble.ts";
import { UsageError } from "../errors.ts";

/** What the runner takes as a step's outputs. */
export type Outputs = Readonly<Record<string, string>>;

/** A summary larger than this is refused by the runner: 1 MiB. */
const maxSummaryBytes = 1024 * 1024;
const maxEventBytes = 32 * 1024 * 1024;

function codeOf(error: unknown): string {
  return isFileTrouble(error) ? error.code : "unknown trouble";
}

/** One run's side of the runner. */
export class Runner {
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  /** Is this the runner itself, which takes commands out of what it prints? A terminal would show them. */
  get takesCommands(): boolean {
    return this.#env["GITHUB_ACTIONS"] === "true" && process.stdout.isTTY !== true;
  }

  /** Prints text that holds no command but our own. */
  print(text: string): void {
    process.stdout.write(text);
  }

  /** Sets outputs, by the file that the runner reads; nothing where there is none. Throws UsageError where it takes none. */
  setOutputs(outputs: Outputs): void {
    const file = this.#env["GITHUB_OUTPUT"] ?? "";
    if (file === "") return;
    const entries = Object.entries(outputs).map(([name, value]) => {
      // Nobody can guess it, so no value ends early and starts another output.
      const end = `keywarden-${randomUUID()}`;
      return `${name}<<${end}\n${value}\n${end}\n`;
    });
    try {
      appendFileSync(file, entries.join(""));
    } catch (error) {
      throw new UsageError(`the step's outputs cannot be written (${codeOf(error)})`, {
        hint: "Look at the file that GITHUB_OUTPUT names: is there room, and may the step write it?",
      });
    }
  }

  /** Adds a page to the job's summary; false where there is no place for one, or the page is too large. */
  addSummary(page: string): boolean {
    const file = this.#env["GITHUB_STEP_SUMMARY"] ?? "";
    const text = `${page}\n`;
    if (file === "" || Buffer.byteLength(text) > maxSummaryBytes) return false;
    try {
      appendFileSync(file, text);
      return true;
    } catch {
      return false;
    }
  }

  /** The event that started the workflow. Throws UsageError where there is none that can be read. */
  event(): unknown {
    const file = this.#env["GITHUB_EVENT_PATH"] ?? "";
    try {
      if (file !== "" && statSync(file).size <= maxEventBytes) return JSON.parse(readFileSync(file, "utf8")) as unknown;
    } catch {
      // Said below.
    }
    throw new UsageError("there is no event to be read (GITHUB_EVENT_PATH)", {
      hint: "The action runs in a workflow of GitHub Actions. On your own machine: npx keywarden scan .",
    });
  }
}
