// What a caller may choose about the looks of a report; what is in it was decided before.

/** Choices of one rendering. Formats ignore what does not concern them. */
export interface RenderOptions {
  /** Terminal only: ANSI colours. */
  readonly color: boolean;
  /** Terminal only: columns to wrap prose at. Paths are never broken. */
  readonly width: number;
  /** Show every place, and findings that are allowed. */
  readonly verbose: boolean;
  /** Show secret values, in the formats that say so in formats.ts. */
  readonly showSecrets: boolean;
  /**
   * When the scan ended, UTC, `yyyy-mm-ddThh:mm:ss`. GitLab's format requires a time; without one it
   * gets the epoch, so that the same report always gives the same bytes.
   */
  readonly scannedAt?: string;
}

/** The options of a plain run: 80 columns, no colour, masked. */
export const plainOptions: RenderOptions = { color: false, width: 80, verbose: false, showSecrets: false };

/** How many places of one finding are listed before the rest is only counted. */
export const maxPlaces = 5;
