// The shapes that both files of rotation share: names, days, moments, fingerprints.

import { z } from "zod";
import { isDay } from "../base/dates.ts";

/** What names of credentials and policies may be. */
const nameForm = "lower case letters, digits, `.`, `_` and `-`, at most 100, beginning with a letter or digit";

/** A credential's or policy's name. */
export const name = z
  .string({ error: `expected a name: ${nameForm}` })
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, { error: `expected a name: ${nameForm}` });

/** A keyed fingerprint, as findings carry it. */
export const fingerprint = z
  .string({ error: "expected a fingerprint: kf1: and 26 characters" })
  .regex(/^kf1:[a-z2-7]{26}$/, { error: "expected a fingerprint: kf1: and 26 characters" });

/** A day of the calendar. */
export const day = z
  .string({ error: "expected a day: YYYY-MM-DD" })
  .regex(/^\d{4}-\d{2}-\d{2}$/, { error: "expected a day: YYYY-MM-DD", abort: true })
  .refine(isDay, { error: "no such day in the calendar" });

/** A moment in UTC, cut to seconds. */
export const instant = z
  .string({ error: "expected a moment: YYYY-MM-DDThh:mm:ssZ" })
  .regex(/^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/, {
    error: "expected a moment: YYYY-MM-DDThh:mm:ssZ",
    abort: true,
  })
  .refine((text) => isDay(text.slice(0, 10)), { error: "no such day in the calendar" });

/** `owner/name` of a repository. */
export const repository = z
  .string({ error: "expected a repository: owner/name" })
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/, { error: "expected a repository: owner/name" });
