// Actions → issues in memory, written as a channel must: what is asked is compared with what is there, a write at a time.

import type { Observation, Proof, Reminder, RotationAction } from "../../src/model/rotation.ts";

/** One issue of the sink. */
export interface SinkIssue {
  readonly number: number;
  readonly credential: string;
  open: boolean;
  /** When a person closed it; absent while open, and when the sink closed it. */
  closedByPersonAt: string | undefined;
  /** `cycle/step`, in the order in which they were told. */
  readonly told: string[];
}

/** The sink died before a write. */
export class Died extends Error {}

/** One issue per credential; a comment tells each cycle and step once. */
export class Sink {
  readonly issues: SinkIssue[] = [];
  /** How often one was opened again. */
  reopened = 0;
  /** Told of each close that the sink makes. */
  readonly onClose: (reminder: Reminder, proof: Proof | undefined) => void;
  readonly #byCredential = new Map<string, SinkIssue>();
  #writesLeft = Infinity;

  constructor(onClose: Sink["onClose"]) {
    this.onClose = onClose;
  }

  issueOf(credential: string): SinkIssue | undefined {
    return this.#byCredential.get(credential);
  }

  closeByPerson(credential: string, at: string): void {
    const issue = this.issueOf(credential);
    if (issue === undefined || !issue.open) return;
    issue.open = false;
    issue.closedByPersonAt = at;
  }

  /** Shows what is asked; dies before the write after `writes`. Gives what the next decision should know. */
  deliver(actions: readonly RotationAction[], at: string, writes = Infinity): readonly Observation[] {
    this.#writesLeft = writes;
    return actions.flatMap(({ reminder }) => (reminder.open ? this.#show(reminder, at) : this.#end(reminder)));
  }

  #write(): void {
    if (this.#writesLeft-- <= 0) throw new Died();
  }

  #tell(issue: SinkIssue, { cycle, step }: Reminder): void {
    const name = `${cycle}/${step}`;
    if (issue.told.includes(name)) return;
    this.#write();
    issue.told.push(name);
  }

  #show(reminder: Reminder, at: string): readonly Observation[] {
    const { credential, snoozedUntil, closesHeardUntil } = reminder;
    let issue = this.issueOf(credential);
    if (issue === undefined) {
      this.#write();
      issue = { number: this.issues.length + 1, credential, open: true, closedByPersonAt: undefined, told: [] };
      this.issues.push(issue);
      this.#byCredential.set(credential, issue);
    }
    if (!issue.open) {
      const { closedByPersonAt: closed } = issue;
      if (closed !== undefined && snoozedUntil !== undefined) return [];
      if (closed !== undefined && closed > closesHeardUntil)
        return [{ kind: "closed-by-person", credential, at: closed }];
      this.#write();
      issue.open = true;
      issue.closedByPersonAt = undefined;
      this.reopened++;
    }
    if (snoozedUntil === undefined) this.#tell(issue, reminder);
    if (reminder.issue?.number === issue.number) return [];
    return [{ kind: "filed", credential, repository: "o/r", number: issue.number, at }];
  }

  #end(reminder: Reminder): readonly Observation[] {
    const issue = this.issueOf(reminder.credential);
    if (issue === undefined || !issue.open) return [];
    this.#tell(issue, reminder);
    this.#write();
    issue.open = false;
    this.onClose(reminder, reminder.proof);
    return [];
  }
}
