#!/usr/bin/env node
// The executable door: the command line in, an exit code out.

import { main } from "./cli/main.ts";

process.exitCode = await main(process.argv.slice(2));
