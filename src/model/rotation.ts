// The vocabulary of rotation, in one place: what people declare, the ledger remembers, a run sees and channels show.

export * from "./inventory.ts";
export * from "./ledger.ts";
export * from "./observation.ts";
export * from "./reminder.ts";
