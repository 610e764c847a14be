// A seed → two years of what happens to credentials, to the people who own them and to the runs that watch over them.

import fc from "fast-check";

/** What a credential is to keywarden: watched in a variable, declared with its dates, or only found in code. */
const plannedKinds = ["watched", "dated", "found"] as const;

/** What can happen to one. `much` means what each needs: days, or which value. */
const happenings = [
  "rotate", // a new value takes its place
  "kill", // the replaced values die at the provider
  "kill-all", // and the one in use
  "leak", // the value in use comes into code
  "spread", // and into one more file
  "revive", // a dead value works again
  "mute", // the provider cannot say any more, or can again
  "check", // somebody asks the provider about the replaced values
  "attest", // the owner gives their word
  "exempt", // people exempt it for a while
  "close", // a person closes the issue without proof
] as const;

export interface Happening {
  readonly day: number;
  readonly what: (typeof happenings)[number];
  readonly much: number;
}

export interface PlannedCredential {
  readonly kind: (typeof plannedKinds)[number];
  /** By day. */
  readonly happenings: readonly Happening[];
}

/** What becomes of the run of a day; `much` says at which write it dies, or by how much the clock is set back. */
const weathers = [
  "calm",
  "skip",
  "dies-deciding",
  "dies-written",
  "dies-telling",
  "dies-told",
  "two",
  "clock-back",
] as const;

export interface Weather {
  readonly what: (typeof weathers)[number];
  readonly much: number;
}

export interface Plan {
  readonly credentials: readonly PlannedCredential[];
  /** A day each. */
  readonly days: readonly Weather[];
}

const much = fc.nat({ max: 179 });

function pick<Word extends string>(weights: Readonly<Record<Word, number>>): fc.Arbitrary<Word> {
  const entries = Object.entries(weights) as [Word, number][];
  return fc.oneof(...entries.map(([word, weight]) => ({ weight, arbitrary: fc.constant(word) })));
}

/** Plans for `credentials` credentials over `days` days, with up to so many happenings for each. */
export function plans(credentials: number, days: number, happeningsEach: number): fc.Arbitrary<Plan> {
  const what = pick({
    ...Object.fromEntries(happenings.map((one) => [one, 2])),
    rotate: 5,
    kill: 4,
    attest: 3,
    leak: 1,
  } as Record<Happening["what"], number>);
  const happening = fc.record({ day: fc.nat({ max: days - 1 }), what, much });
  const credential = fc.record({
    kind: fc.constantFrom(...plannedKinds),
    happenings: fc
      .array(happening, { maxLength: happeningsEach, size: "max" })
      .map((all) => all.toSorted((a, b) => a.day - b.day)),
  });
  const weather = fc.record({
    what: pick<Weather["what"]>({
      calm: 12,
      skip: 3,
      "dies-deciding": 1,
      "dies-written": 1,
      "dies-telling": 2,
      "dies-told": 1,
      two: 2,
      "clock-back": 1,
    }),
    much,
  });
  return fc.record({
    credentials: fc.array(credential, { minLength: credentials, maxLength: credentials, size: "max" }),
    days: fc.array(weather, { minLength: days, maxLength: days, size: "max" }),
  });
}
