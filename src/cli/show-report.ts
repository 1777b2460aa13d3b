// A report to its destinations: standard output and files. The status is decided elsewhere.
import { maskKeysIn } from "../model/secret.js";
import { UserError } from "../model/errors.js";
import type { PublishedReport } from "../report/index.js";
import { writeReport, type Destination } from "./output.js";
import type { Look } from "./scan-plan.js";

/** When the work began and ended; text reports say how long it took. */
export interface Duration {
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** Renders a report and writes it to every destination. */
export async function showReport(
  report: PublishedReport,
  destinations: readonly Destination[],
  look: Look,
  duration: Duration,
): Promise<void> {
  const { plainOptions, reporters } = await import("../report/index.js");
  for (const { format, file } of destinations) {
    if (file === null && look.quiet) continue;
    const text = reporters[format](report, {
      ...plainOptions,
      ...duration,
      ...(file === null ? { colour: look.colour, columns: look.width } : {}),
    });
    if (file === null) await print(text);
    else await writeReport(file, text);
  }
}

/**
 * Writes to standard output and waits until it is taken. Names of folders and files may hold keys.
 * A reader that has read enough (`| head`) is no error.
 * @throws UserError when it cannot be written
 */
export async function print(text: string): Promise<void> {
  await new Promise<void>((done, fail) => {
    process.stdout.write(maskKeysIn(text), (error: NodeJS.ErrnoException | null | undefined) => {
      if (!error || error.code === "EPIPE") done();
      else fail(unwritable(error));
    });
  });
}

function unwritable(error: NodeJS.ErrnoException): UserError {
  return new UserError(
    `standard output cannot be written (${error.code ?? "unknown error"})`,
    "See that there is room where it leads, and that it is open.",
    { cause: error },
  );
}
