// The few errors a command can end with: each carries a code, an exit code and a hint, never a secret.

/** Base of all errors meant for people. `message` says what and where, `hint` says what to do. */
export abstract class KeywardenError extends Error {
  abstract readonly code: string;
  readonly exitCode: number = 2;
  readonly hint: string | undefined;

  constructor(message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.hint = options.hint;
  }

  toJSON(): { code: string; message: string; hint?: string } {
    return { code: this.code, message: this.message, ...(this.hint === undefined ? {} : { hint: this.hint }) };
  }
}

/** The command line, or a library call, asked for something that cannot be done. */
export class UsageError extends KeywardenError {
  readonly code = "usage";
}

/** Where in a file a mistake stands; line and column are 1-based. */
export interface FilePosition {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

function at(position: FilePosition): string {
  return [position.file, position.line, position.column].filter((part) => part !== undefined).join(":");
}

/** A configuration, baseline or other settings file is wrong. */
export class ConfigError extends KeywardenError {
  readonly code = "config";
  readonly position: FilePosition;

  constructor(message: string, position: FilePosition, options: { hint?: string; cause?: unknown } = {}) {
    super(`${at(position)}: ${message}`, options);
    this.position = position;
  }
}

/** A rule file is wrong. */
export class RuleError extends KeywardenError {
  readonly code = "rule";
  readonly position: FilePosition;
  readonly rule: string | undefined;

  constructor(
    message: string,
    position: FilePosition,
    options: { rule?: string; hint?: string; cause?: unknown } = {},
  ) {
    super(`${at(position)}: ${options.rule === undefined ? "" : `rule ${options.rule}: `}${message}`, options);
    this.position = position;
    this.rule = options.rule;
  }
}

/** A source cannot even be opened: no such path, not a repository, no such commit. */
export class SourceError extends KeywardenError {
  readonly code = "source";
}

/** A defect of keywarden itself. */
export class InternalError extends KeywardenError {
  readonly code = "internal";

  constructor(message: string, cause?: unknown) {
    super(message, {
      cause,
      hint: "This is a defect in keywarden. Please report it with the command you ran and this message.",
    });
  }
}
