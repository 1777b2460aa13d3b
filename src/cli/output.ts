// Which report goes where: `--format` and `--output` to a list of reports and their files.
// Rendering is left to report.
import { writeFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { UserError } from "../model/errors.js";

export const formatChoices = [
  "text",
  "json",
  "jsonl",
  "sarif",
  "gitlab",
  "github",
  "junit",
  "csv",
  "markdown",
  "html",
] as const;

export type Format = (typeof formatChoices)[number];

export interface Destination {
  readonly format: Format;
  /** A file's path, or null for standard output. */
  readonly file: string | null;
}

const formatOfEnding: Readonly<Record<string, Format>> = {
  ".txt": "text",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".sarif": "sarif",
  ".xml": "junit",
  ".csv": "csv",
  ".md": "markdown",
  ".markdown": "markdown",
  ".html": "html",
  ".htm": "html",
};

/**
 * As many formats as files: they go together in order, and standard output gets the text report.
 * Otherwise each file's format is told by its name, and standard output gets the one format.
 * @throws UserError when a file's format cannot be told, or formats are left over
 */
export function destinations(formats: readonly Format[], files: readonly string[]): Destination[] {
  if (files.length > 0 && formats.length === files.length) {
    return [
      { format: "text", file: null },
      ...files.map((file, index) => ({ format: formats[index] ?? "text", file })),
    ];
  }
  if (formats.length > 1) {
    throw new UserError(
      `${formats.length} formats were given for ${files.length} files`,
      "Give each --format its --output, or one --format for standard output.",
    );
  }
  return [
    { format: formats[0] ?? "text", file: null },
    ...files.map((file) => ({ format: formatByName(file), file })),
  ];
}

function formatByName(file: string): Format {
  const name = basename(file).toLowerCase();
  // The names under which GitLab and GitHub expect their reports.
  if (name === "gl-secret-detection-report.json") return "gitlab";
  if (name.endsWith(".sarif.json")) return "sarif";
  const format = formatOfEnding[extname(name)];
  if (format) return format;
  throw new UserError(
    `the name ${file} does not tell a format`,
    `Use a known ending (${Object.keys(formatOfEnding).join(", ")}) or one --format for each --output.`,
  );
}

/** Writes a report's file. @throws UserError when it cannot be written */
export async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`the report ${file} cannot be written (${code ?? "unknown error"})`);
  }
}
