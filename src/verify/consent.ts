// The environment in, whether asking providers is out of the question here out: hooks, forks, TLS switched off, logs. Pure.

/** Variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Why nobody is asked. `mistake`: the command is wrong here; `fork`: the run goes on without. */
export type Refusal =
  | { readonly kind: "mistake"; readonly message: string; readonly hint: string }
  | { readonly kind: "fork"; readonly message: string };

const hookVariables = ["PRE_COMMIT", "GIT_INDEX_FILE", "HUSKY_GIT_PARAMS"];

function isSet(env: Environment, name: string): boolean {
  return (env[name] ?? "") !== "";
}

/** A run of a git hook: nobody waits for a provider there, and a commit must not depend on one. */
function hookRefusal(env: Environment): Refusal | undefined {
  const name = hookVariables.find((variable) => isSet(env, variable));
  if (name === undefined) return undefined;
  return {
    kind: "mistake",
    message: `--verify has no place in a git hook (${name} is set)`,
    hint: "Leave it out in the hook, and verify by hand or in CI.",
  };
}

function tlsRefusal(env: Environment): Refusal | undefined {
  if (env["NODE_TLS_REJECT_UNAUTHORIZED"] !== "0") return undefined;
  return {
    kind: "mistake",
    message: "--verify is refused while NODE_TLS_REJECT_UNAUTHORIZED=0 is set",
    hint: "Unset it: a key must not be sent to someone whose certificate does not hold. For an own authority there is NODE_EXTRA_CA_CERTS.",
  };
}

/** Under these names the HTTP client tells Node's log the addresses that it asks; Telegram's hold the token. */
const toldToLog = ["undici", "fetch", "websocket"];

/** Does `NODE_DEBUG` name one of them, read as Node reads it: commas, `*` for anything, any case? */
function logRefusal(env: Environment): Refusal | undefined {
  const names = (env["NODE_DEBUG"] ?? "").split(",").map((name) => new RegExp(`^${wild(name)}$`, "i"));
  if (!toldToLog.some((told) => names.some((name) => name.test(told)))) return undefined;
  return {
    kind: "mistake",
    message: `--verify is refused while NODE_DEBUG names ${toldToLog.join(", ")} or everything`,
    hint: "Unset it: Node would write every address that is asked to its log, and some hold the key.",
  };
}

function wild(name: string): string {
  return name
    .replaceAll(/\*+/g, "*")
    .replaceAll(/[|\\{}()[\]^$+?.]/g, String.raw`\$&`)
    .replaceAll("*", ".*");
}

function forbidden(env: Environment): Refusal | undefined {
  const value = (env["KEYWARDEN_VERIFY"] ?? "").toLowerCase();
  if (value !== "never") return undefined;
  return {
    kind: "mistake",
    message: "verification is forbidden here (KEYWARDEN_VERIFY=never)",
    hint: "Leave --verify out, or ask whoever set it.",
  };
}

/** Two names of repositories that a service gives, where both are given and differ. */
const twoNames: readonly (readonly [source: string, target: string])[] = [
  ["CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "CI_MERGE_REQUEST_PROJECT_ID"],
  ["TRAVIS_PULL_REQUEST_SLUG", "TRAVIS_REPO_SLUG"],
  ["BUILDKITE_PULL_REQUEST_REPO", "BUILDKITE_REPO"],
  ["CHANGE_FORK", "CHANGE_TARGET"],
];

function forkOnOtherServices(env: Environment): boolean {
  if ((env["SYSTEM_PULLREQUEST_ISFORK"] ?? "").toLowerCase() === "true") return true;
  if (isSet(env, "CIRCLE_PR_REPONAME") || isSet(env, "CIRCLE_PR_USERNAME")) return true;
  if (isSet(env, "CHANGE_FORK")) return true;
  return twoNames.some(([source, target]) => isSet(env, source) && isSet(env, target) && env[source] !== env[target]);
}

interface GithubRepository {
  readonly full_name?: unknown;
  readonly fork?: unknown;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** Whether the event that started a workflow brings code from another repository; what cannot be told counts as yes. */
function isForeignEvent(name: string, event: unknown): boolean {
  const pull = field(event, "pull_request");
  const run = field(event, "workflow_run");
  const [head, base] =
    name === "workflow_run"
      ? [field(run, "head_repository"), field(event, "repository")]
      : [field(field(pull, "head"), "repo"), field(field(pull, "base"), "repo")];
  const [from, to] = [head, base].map((repository) => (Object(repository) as GithubRepository).full_name);
  return typeof from !== "string" || from !== to;
}

const eventsWithHeads = new Set(["pull_request", "pull_request_review", "pull_request_review_comment", "workflow_run"]);

function forkRefusal(env: Environment, event: unknown): Refusal | undefined {
  const name = env["GITHUB_EVENT_NAME"] ?? "";
  if (name === "pull_request_target" || name === "issue_comment") {
    return {
      kind: "fork",
      message: `verification is refused for the event ${name}: whoever opens it chooses the content`,
    };
  }
  const foreign = eventsWithHeads.has(name) ? isForeignEvent(name, event) : forkOnOtherServices(env);
  if (!foreign) return undefined;
  return { kind: "fork", message: "verification is refused for a pull request from another repository" };
}

/**
 * Whether verification is refused here. `event` is the content of the file that `GITHUB_EVENT_PATH` names, parsed;
 * undefined where there is none.
 */
export function refusalOf(env: Environment, event: unknown): Refusal | undefined {
  return forbidden(env) ?? hookRefusal(env) ?? tlsRefusal(env) ?? logRefusal(env) ?? forkRefusal(env, event);
}
