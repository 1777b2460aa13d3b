// Runs commands side by side and takes the medians: every round runs each row once, so that a busy
// machine is busy for all.
// What is run is left to commands.mjs, the table to bench.mjs.
import { spawnSync } from "node:child_process";
import { accessSync, closeSync, constants, openSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Parsing a bundle of certificates at start costs every Node program tens of milliseconds. */
const environment = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** Whether a program is on PATH. */
function isThere(program) {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const time = isThere("time") ? "time" : null;

/**
 * @param {import("./commands.mjs").Row} row
 * @returns {{ seconds: number, cpu: number | null, megabytes: number | null }}
 */
function runOnce(row) {
  const [program = "", ...args] = time
    ? [time, "-f", "MEASURED %U %S %M", ...row.command]
    : row.command;
  const input = row.input === undefined ? "ignore" : openSync(row.input, "r");
  const output = openSync("/dev/null", "w");
  const start = process.hrtime.bigint();
  const ended = spawnSync(program, args, {
    ...(row.directory === undefined ? {} : { cwd: row.directory }),
    env: environment,
    stdio: [input, output, "pipe"],
    maxBuffer: 1 << 30,
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (typeof input === "number") closeSync(input);
  closeSync(output);
  if (!(row.statuses ?? [0]).includes(ended.status ?? -1)) {
    throw new Error(
      `${row.command.join(" ")} ended with ${ended.status}: ${ended.stderr.toString()}`,
    );
  }
  const said = /MEASURED (\S+) (\S+) (\S+)/u.exec(ended.stderr.toString());
  return said
    ? { seconds, cpu: Number(said[1]) + Number(said[2]), megabytes: Number(said[3]) / 1024 }
    : { seconds, cpu: null, megabytes: null };
}

function median(numbers) {
  const sorted = numbers.filter((number) => number !== null).sort((one, other) => one - other);
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)];
}

/**
 * @param {readonly import("./commands.mjs").Row[]} rows
 * @param {number} rounds
 */
export function measure(rows, rounds) {
  const present = rows.filter(({ command }) => isThere(command[0] ?? ""));
  const failed = new Map();
  const runs = new Map(present.map((row) => [row, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [row, results] of runs) {
      if (failed.has(row)) continue;
      try {
        results.push(runOnce(row));
      } catch (error) {
        failed.set(row, error);
      }
    }
  }
  return present.map((row) => {
    const results = runs.get(row) ?? [];
    return {
      name: row.name,
      failure: failed.get(row)?.message ?? null,
      seconds: median(results.map(({ seconds }) => seconds)),
      cpu: median(results.map(({ cpu }) => cpu)),
      megabytes: median(results.map(({ megabytes }) => megabytes)),
    };
  });
}
