// What a caller may tell a format. Which terminal, time and place that is, only the caller knows.

export interface ReportOptions {
  /** Colour codes in `text`. The caller decides (NO_COLOR, FORCE_COLOR, is it a terminal?). */
  readonly colour: boolean;
  /** Columns to wrap `text` to, or null to leave lines as long as they are. */
  readonly columns: number | null;
  /** When the run began and ended; formats that show no time ignore them. */
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** How many places of a key `text` and annotations list before they count the rest. */
  readonly placesShown: number;
}

/** What formats do when the caller says nothing: plain, unwrapped, without a clock. */
export const plainOptions: ReportOptions = {
  colour: false,
  columns: null,
  startedAt: null,
  finishedAt: null,
  placesShown: 5,
};
