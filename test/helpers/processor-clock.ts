// Starts a clock that runs only while this process computes: what else the machine does meanwhile does not count.

import process from "node:process";

/** Gives the processor time in milliseconds, of all threads of this process, since the clock was started. */
export function processorClock(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
}
