// What GitLab's secret detection schema 15.2.1 asks of the fields that we write: required fields,
// types, patterns, limits and enums, taken from the published schema's text (its dist/ folder, read
// 2026-11-21). Closed, so that a field GitLab does not know is noticed too.
const nonEmpty = { type: "string", minLength: 1 };
const time = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$" };
const link = { type: "string", pattern: "^(https?|ftp)://.+" };

function closed(properties: object, required: readonly string[]) {
  return { type: "object", additionalProperties: false, properties, required };
}

const tool = closed(
  {
    id: nonEmpty,
    name: nonEmpty,
    version: nonEmpty,
    vendor: closed({ name: nonEmpty }, ["name"]),
  },
  ["id", "name", "version", "vendor"],
);

const identifier = closed({ type: nonEmpty, name: nonEmpty, value: nonEmpty, url: link }, [
  "type",
  "name",
  "value",
]);

const vulnerability = closed(
  {
    id: nonEmpty,
    // Dropped from the schema in 15.0, which lets unknown fields pass; older readers want it.
    category: { const: "secret_detection" },
    name: { type: "string", maxLength: 255 },
    description: { type: "string", maxLength: 1_048_576 },
    severity: { enum: ["Info", "Unknown", "Low", "Medium", "High", "Critical"] },
    solution: { type: "string", maxLength: 7000 },
    identifiers: { type: "array", minItems: 1, items: identifier },
    links: { type: "array", items: closed({ name: { type: "string" }, url: link }, ["url"]) },
    location: closed(
      {
        file: { type: "string" },
        start_line: { type: "number" },
        end_line: { type: "number" },
        commit: closed({ author: { type: "string" }, date: { type: "string" }, sha: nonEmpty }, [
          "sha",
        ]),
      },
      ["commit"],
    ),
  },
  ["id", "identifiers", "location"],
);

export const gitlabSchema = closed(
  {
    version: { const: "15.2.1" },
    schema: { type: "string", pattern: "^https?://.+" },
    scan: closed(
      {
        analyzer: tool,
        scanner: tool,
        start_time: time,
        end_time: time,
        status: { enum: ["success", "failure"] },
        type: { enum: ["secret_detection"] },
        messages: {
          type: "array",
          items: closed({ level: { enum: ["info", "warn", "fatal"] }, value: nonEmpty }, [
            "level",
            "value",
          ]),
        },
      },
      ["analyzer", "end_time", "scanner", "start_time", "status", "type"],
    ),
    vulnerabilities: { type: "array", items: vulnerability },
  },
  ["scan", "version", "vulnerabilities"],
);
