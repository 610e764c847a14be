// Fields that may hold nothing in, the same object without those keys out.

/** The type of an object whose `undefined` fields are absent instead. */
export type Defined<Fields> = {
  [Key in keyof Fields as undefined extends Fields[Key] ? never : Key]: Fields[Key];
} & { [Key in keyof Fields as undefined extends Fields[Key] ? Key : never]?: Exclude<Fields[Key], undefined> };

/** A copy without the keys that hold `undefined`; the order of keys stays. */
export function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  const kept: Record<string, unknown> = {};
  // A loop, not entries: rotation does this several times for each of its credentials.
  for (const key of Object.keys(fields)) {
    const value = fields[key as keyof Fields];
    if (value !== undefined) kept[key] = value;
  }
  return kept as Defined<Fields>;
}
