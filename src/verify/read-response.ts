// What an answer of the API means: status and body together, as a pure table.
// Who is asked, how often and when is left to verify.

/**
 * - `live`, `restricted`: the key is valid; `restricted` is blocked by billing, quota or access rules
 * - `refused`: not accepted on this host
 * - `throttled`: try again; when it stays so, nothing is known
 * - `probably-live`: points to a live key without proving it
 * - `no-model-list`: the host has no model list, so another question may say more
 * - `unknown`: anything else
 */
export type Meaning =
  | "live"
  | "restricted"
  | "refused"
  | "throttled"
  | "probably-live"
  | "no-model-list"
  | "unknown";

/** The question that was asked: the model list, or a chat with a model that cannot exist. */
export type Probe = "models" | "impossible-model";

export interface Answer {
  readonly probe: Probe;
  readonly status: number;
  /** Header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
  /** False when the body was longer than what is read, or broke off. */
  readonly whole: boolean;
}

export interface Reading {
  readonly meaning: Meaning;
  /** A documented code as the vendor spells it, or null: never text that the server chose. */
  readonly code: string | null;
  /** One sentence. */
  readonly sentence: string;
}

interface Row {
  readonly status: number;
  readonly codes: readonly string[];
  readonly meaning: Meaning;
  readonly sentence: string;
  readonly probe?: Probe;
}

const restrictedSentence = "The key is valid; access rules or quota restrict it.";
const billingSentence = "The key is valid; billing blocks it until it is paid.";

/**
 * Documented answers by status and code.
 * Source: vendor page "Error codes" and recorded responses, read 2026-11-20.
 */
const documented: readonly Row[] = [
  {
    status: 401,
    codes: ["invalid_api_key", "InvalidApiKey"],
    meaning: "refused",
    sentence: "The key is not accepted on this host.",
  },
  {
    status: 401,
    codes: ["NOT AUTHORIZED"],
    meaning: "unknown",
    sentence:
      "Not authorized for the workspace: the key may be valid, so treat it as one to reset.",
  },
  { status: 400, codes: ["Arrearage"], meaning: "restricted", sentence: billingSentence },
  {
    status: 429,
    codes: [
      "CommodityNotPurchased",
      "PrepaidBillOverdue",
      "PostpaidBillOverdue",
      "BudgetLimitExceeded",
    ],
    meaning: "restricted",
    sentence: billingSentence,
  },
  {
    status: 403,
    codes: [
      "AccessDenied",
      "AccessDenied.Unpurchased",
      "Model.AccessDenied",
      "App.AccessDenied",
      "Workspace.AccessDenied",
      "Endpoint.AccessDenied",
      "AllocationQuota.FreeTierOnly",
    ],
    meaning: "restricted",
    sentence: restrictedSentence,
  },
  {
    status: 404,
    codes: ["model_not_found"],
    meaning: "live",
    sentence: "The key was accepted (only the model, which cannot exist, was not).",
    probe: "impossible-model",
  },
  {
    status: 429,
    codes: [
      "Throttling",
      "Throttling.RateQuota",
      "Throttling.AllocationQuota",
      "Throttling.BurstRate",
      "Throttling.User",
      "limit_requests",
      "limit_burst_rate",
      "insufficient_quota",
    ],
    meaning: "throttled",
    sentence: "Throttled: the key is probably live, but this is no proof.",
  },
];

/** Texts that stand in for a code where the body has none, each at its beginning. */
const refusals = [
  "incorrect api key provided",
  "invalid api-key provided",
  "invalid access token or token expired",
] as const;

/** Reads one answer. Pure; whatever a server sends, this neither throws nor repeats it. */
export function readResponse(answer: Answer): Reading {
  const { status } = answer;
  if (status >= 300 && status < 400) return unknown("A redirect, which is not followed.");
  if (status >= 500) return unknown(`The server failed (status ${status}).`);
  if (contentType(answer).includes("html")) {
    return unknown("A web page came instead of the API's answer (a portal or a proxy?).");
  }
  const body = answer.whole ? parse(answer.body) : undefined;
  if (status === 200) return readSuccess(answer, body);
  const fault = faultIn(body);
  const row = documented.find(
    (candidate) =>
      candidate.status === status &&
      (candidate.probe === undefined || candidate.probe === answer.probe) &&
      codeIn(candidate, fault) !== null,
  );
  if (row) return { meaning: row.meaning, code: codeIn(row, fault), sentence: row.sentence };
  return readUndocumented(answer, body, fault);
}

function readSuccess({ probe, whole }: Answer, body: unknown): Reading {
  if (!whole) return unknown("The answer broke off or was too long to be a model list.");
  const expected = probe === "models" ? isModelList(body) : hasList(body, "choices");
  return expected
    ? { meaning: "live", code: null, sentence: "The key works on this host." }
    : unknown("Status 200, but not the API's answer (a portal or a proxy?).");
}

function readUndocumented({ probe, status, whole }: Answer, body: unknown, fault: Fault): Reading {
  if (status === 401 && refusals.some((text) => fault.message.startsWith(text))) {
    return { meaning: "refused", code: null, sentence: "The key is not accepted on this host." };
  }
  if (status === 405 && fault.message.includes("coding agents")) {
    const sentence = "Only coding agents may ask here; the key is probably live, but unproven.";
    return { meaning: "probably-live", code: null, sentence };
  }
  if (status === 429) {
    const sentence = "Too many requests; the answer does not say whose limit it is.";
    return { meaning: "throttled", code: null, sentence };
  }
  const json = typeof body === "object" && body !== null;
  if (probe === "models" && (status === 404 || status === 405) && json) {
    const sentence = "This host has no model list.";
    return { meaning: "no-model-list", code: null, sentence };
  }
  return unknown(
    whole
      ? `Status ${status} with a body that is not documented.`
      : `Status ${status} with a body that broke off or was too long.`,
  );
}

function unknown(sentence: string): Reading {
  return { meaning: "unknown", code: null, sentence };
}

interface Fault {
  /** Codes in the body, folded. */
  readonly codes: ReadonlySet<string>;
  /** The message, lower case. */
  readonly message: string;
}

/** The four shapes: `{error: {code, type, message}}`, `{error: text}`, `{code, message}`, nothing. */
function faultIn(body: unknown): Fault {
  const outer = record(body);
  const inner = record(outer["error"]);
  const texts = [inner["code"], inner["type"], outer["code"]].flatMap(textIn);
  const [message = ""] = [inner["message"], outer["error"], outer["message"]].flatMap(textIn);
  return { codes: new Set([...texts, message].map(fold)), message: message.toLowerCase() };
}

function codeIn({ codes }: Row, fault: Fault): string | null {
  return codes.find((code) => fault.codes.has(fold(code))) ?? null;
}

/** `Access_Denied`, `access-denied` and `AccessDenied` are one code. */
function fold(code: string): string {
  return code
    .slice(0, 100)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/gu, "");
}

function isModelList(body: unknown): boolean {
  const { object, data } = record(body);
  if (!Array.isArray(data)) return false;
  return object === "list" || (object === undefined && typeof record(data[0])["id"] === "string");
}

function hasList(body: unknown, name: string): boolean {
  return Array.isArray(record(body)[name]);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function textIn(value: unknown): string[] {
  return typeof value === "string" ? [value] : [];
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined; // not JSON: read on as an unknown body
  }
}

function contentType({ headers }: Answer): string {
  return [headers["content-type"] ?? ""].flat().join().toLowerCase();
}

/**
 * How long the server asks to wait.
 * @param now milliseconds since 1970, for the header's form with a date
 * @returns milliseconds, or null when it does not say
 */
export function retryAfterMilliseconds(headers: Answer["headers"], now: number): number | null {
  const [value = ""] = [headers["retry-after"] ?? ""].flat();
  if (/^\d{1,9}$/u.test(value.trim())) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
