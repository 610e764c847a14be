// The name of a lock file in, one process at a time through; the lock of a process that died is taken over.

import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readSync, rmSync, writeSync } from "node:fs";
import { hostname, uptime } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { UsageError } from "../errors.ts";
import { isFileTrouble } from "./file-trouble.ts";

/** Who holds a lock. */
interface Holder {
  /** Random, and part of a file name: 16 hex digits, or made from the file itself where it says nothing. */
  readonly id: string;
  /** Absent for a lock whose maker died before it could say so, or is just about to. */
  readonly process?: { readonly pid: number; readonly host: string };
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

/** How a lock is to be had. */
export interface LockWish {
  /** Absolute; its folder is there. */
  readonly lock: string;
  /** As messages name it. */
  readonly shown: string;
  readonly waitMs: number;
}

const maxLockBytes = 1024;
/** A lock that says nothing is about to be written, unless it has been about to for so long. */
const emptyLockMs = 5_000;
/** A process on another machine cannot be asked whether it lives; none needs a lock for so long. */
const otherHostMs = 3_600_000;
/** Time to remove what the dead left, however short the wait for the living is. */
const takeOverMs = 2_000;
/** A run that dies while it takes a lock over leaves one more; so many deaths in a row are somebody's problem. */
const maxTakeOvers = 3;

/** The ids that the names of guards end in. */
const guardEnd = /^(?:\.(?:[0-9a-f]{16}|[0-9a-z]+-\d+))+$/;

/** The locks of this very process: one with its number that is not among them was left by a dead namesake. */
const ownIds = new Set<string>();

function isThere(error: unknown): boolean {
  if (!isFileTrouble(error)) return false;
  // On Windows a file that is just being deleted still stands in the way.
  return error.code === "EEXIST" || (process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(error.code));
}

function tryMake(lock: string, id: string): boolean {
  let handle: number;
  try {
    handle = openSync(lock, "wx");
  } catch (error) {
    if (isThere(error)) return false;
    throw error;
  }
  try {
    writeSync(handle, JSON.stringify({ id, pid: process.pid, host: hostname(), since: new Date().toISOString() }));
  } catch (error) {
    remove(lock);
    throw error;
  } finally {
    closeSync(handle);
  }
  return true;
}

function parseHolder(text: string): Holder | undefined {
  let said: { readonly id?: unknown; readonly pid?: unknown; readonly host?: unknown; readonly since?: unknown };
  try {
    said = (JSON.parse(text) ?? {}) as typeof said;
  } catch {
    return undefined; // its maker died half-way
  }
  const { id, pid, host, since } = said;
  const sinceMs = typeof since === "string" ? Date.parse(since) : Number.NaN;
  if (typeof id !== "string" || !/^[0-9a-f]{16}$/.test(id)) return undefined;
  if (typeof host !== "string" || !Number.isInteger(pid) || Number.isNaN(sinceMs)) return undefined;
  return { id, process: { pid: pid as number, host: host.replace(/[^\w.-]/g, "?") }, sinceMs };
}

function holderOf({ lock, shown }: LockWish): Holder | undefined {
  const entry = lstatSync(lock, { throwIfNoEntry: false });
  if (entry === undefined) return undefined;
  // Opening a pipe would wait for ever, and a link may lead anywhere.
  if (!entry.isFile()) throw new UsageError(`the lock ${shown} is not a file`, { hint: "Remove it." });
  let handle: number;
  try {
    handle = openSync(lock, "r");
  } catch (error) {
    if (isFileTrouble(error) && error.code === "ENOENT") return undefined;
    if (isThere(error)) return { id: "0", sinceMs: Date.now() };
    throw error;
  }
  try {
    const bytes = Buffer.alloc(maxLockBytes);
    const text = bytes.toString("utf8", 0, readSync(handle, bytes, 0, maxLockBytes, 0));
    const { ino, mtimeMs } = fstatSync(handle);
    return parseHolder(text) ?? { id: `${ino.toString(36)}-${Math.round(mtimeMs)}`, sinceMs: mtimeMs };
  } finally {
    closeSync(handle);
  }
}

function isDead(holder: Holder): boolean {
  const heldMs = Date.now() - holder.sinceMs;
  if (holder.process === undefined) return heldMs > emptyLockMs;
  const { pid, host } = holder.process;
  if (host !== hostname().replace(/[^\w.-]/g, "?")) return heldMs > otherHostMs;
  // Numbers of processes begin anew when the machine does.
  if (heldMs > uptime() * 1000) return true;
  if (pid === process.pid) return !ownIds.has(holder.id);
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return isFileTrouble(error) && error.code === "ESRCH";
  }
}

/**
 * Removes the lock of a dead holder. Only who holds the lock named after that holder may, so nobody can remove the lock
 * that another one made in the meantime; that lock is an ordinary one, and may have been left by a dead process, too.
 */
function takeOver(wish: LockWish, dead: Holder, depth: number): void {
  const guard = { ...wish, lock: `${wish.lock}.${dead.id}`, shown: `${wish.shown}.${dead.id}` };
  const id = newId();
  try {
    if (tryMake(guard.lock, id)) {
      if (holderOf(wish)?.id === dead.id) remove(wish.lock);
      remove(guard.lock);
      return;
    }
  } finally {
    ownIds.delete(id);
  }
  const other = holderOf(guard);
  if (other !== undefined && depth < maxTakeOvers && isDead(other)) takeOver(guard, other, depth + 1);
}

/** What runs left that died in `takeOver`: guards of locks that are long gone, now that this run has its own. */
function removeGuards({ lock }: LockWish): void {
  const folder = path.dirname(lock);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(path.basename(lock)) && guardEnd.test(name.slice(path.basename(lock).length)))
      remove(path.join(folder, name));
  }
}

function newId(): string {
  const id = randomBytes(8).toString("hex");
  ownIds.add(id);
  return id;
}

function heldTooLong({ shown }: LockWish, holder: Holder | undefined): UsageError {
  const who =
    holder?.process === undefined
      ? "somebody who does not say who it is"
      : `process ${holder.process.pid} on ${holder.process.host} since ${new Date(holder.sinceMs).toISOString()}`;
  return new UsageError(`${shown} is held by ${who}`, {
    hint: `Wait until that run is done, and run this again. If there is no such run, remove ${shown}.`,
  });
}

async function acquire(wish: LockWish, id: string): Promise<void> {
  const startMs = performance.now();
  while (!tryMake(wish.lock, id)) {
    const holder = holderOf(wish);
    const isLeft = holder !== undefined && isDead(holder);
    if (isLeft) takeOver(wish, holder, 0);
    const waitedMs = performance.now() - startMs;
    if (waitedMs > wish.waitMs + (isLeft ? takeOverMs : 0)) throw heldTooLong(wish, holder);
    await pause(5 + Math.random() * 20);
  }
}

function remove(lock: string): void {
  rmSync(lock, { force: true, maxRetries: 5, retryDelay: 20 });
}

/**
 * Runs `work` while no other process, nor another call in this one, holds the lock: a file that names its holder. Waits
 * for it up to `waitMs`, then throws UsageError that says who holds it. A lock is taken over when its process is gone, when
 * it is older than the machine's start, or an hour old and from another machine. `isHeld` tells whether nobody did so.
 * Errors of the file system while the lock is made are thrown as they are.
 */
export async function withLock<Result>(
  wish: LockWish,
  work: (isHeld: () => boolean) => Promise<Result>,
): Promise<Result> {
  const id = newId();
  const isHeld = (): boolean => holderOf(wish)?.id === id;
  try {
    await acquire(wish, id);
    try {
      removeGuards(wish);
      return await work(isHeld);
    } finally {
      if (isHeld()) remove(wish.lock);
    }
  } finally {
    ownIds.delete(id);
  }
}
