// Flags, configuration and environment -> what verification may do. Asking is left to verify.
import type { Configs } from "../config/locate-config.js";
import { UserError } from "../model/errors.js";
import type { ScanOptions } from "../scan.js";
import type { VerifyOptions } from "../verify/verify.js";
import { version } from "../package/version.js";
import type { Typed } from "./parse.js";
import { all, one } from "./scan-plan.js";

/**
 * Reads what the user said about asking the API.
 * @throws UserError for a workspace or a time that makes no sense
 */
export function verifyOptions(typed: Typed, { project, own }: Configs): VerifyOptions {
  const configured = { ...project.workspaceIds, ...own.workspaceIds };
  const baseUrl = process.env["DASHSCOPE_HTTP_BASE_URL"];
  return {
    toolVersion: version,
    environment: process.env,
    workspaces: [
      ...Object.entries(configured).map(([region, id]) => ({ region, id })),
      ...all(typed, "workspace-id").map(workspaceOf),
    ],
    endpoints: [
      ...all(typed, "endpoint").map((url) => ({ url, from: "--endpoint" })),
      ...own.endpoints.map((url) => ({ url, from: own.path ?? "your configuration" })),
      // Set for another program: one that cannot be used here is told, and no reason to stop.
      ...(baseUrl ? [{ url: baseUrl, from: "DASHSCOPE_HTTP_BASE_URL", optional: true }] : []),
    ],
    verifyAmbiguous: typed.flags.has("verify-ambiguous"),
    budgetMilliseconds: seconds(typed) * 1000,
  };
}

/**
 * Checks what was typed about asking the API, whether or not anything is to be asked.
 * @throws UserError for a time, a workspace or an endpoint that makes no sense
 */
export async function checkVerifyFlags(typed: Typed): Promise<void> {
  seconds(typed);
  const { checkWorkspace, endpointFromUrl } = await import("../verify/endpoints.js");
  for (const text of all(typed, "workspace-id")) checkWorkspace(workspaceOf(text));
  for (const url of all(typed, "endpoint")) endpointFromUrl(url, "--endpoint");
}

/** A stage of the scan that asks the API; the room is loaded when it is needed. */
export function verifyStage(
  options: VerifyOptions,
  signal: AbortSignal,
  onProgress: NonNullable<VerifyOptions["onProgress"]>,
): NonNullable<ScanOptions["verify"]> {
  return async (keys) => {
    const { verifyFindings } = await import("../verify/verify.js");
    return verifyFindings(keys, { ...options, signal, onProgress });
  };
}

function workspaceOf(text: string): { region: string; id: string } {
  const [region, id, ...rest] = text.split("=");
  if (!region || !id || rest.length > 0) {
    throw new UserError("--workspace-id was not understood", "Write --workspace-id REGION=ID.");
  }
  return { region, id };
}

const defaultSeconds = 60;

function seconds(typed: Typed): number {
  const text = one(typed, "verify-timeout");
  const value = text === null ? defaultSeconds : Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 86_400) return value;
  throw new UserError(`--verify-timeout does not take "${text}"`, "It is a number of seconds.");
}
