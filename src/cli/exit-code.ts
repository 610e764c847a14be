// The exit codes, as every door gives them: see pipeline/exit-code.ts.

export { exitCodeOf, exitCodes, requiredExitCodeOf } from "../pipeline/exit-code.ts";
