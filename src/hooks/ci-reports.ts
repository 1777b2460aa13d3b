// Which report each CI platform reads, and where it looks for it. Data only.
// Rendering is left to report, writing files to cli.
import type { CiPlatform } from "./ci.js";

export interface CiReport {
  readonly format: "sarif" | "gitlab" | "junit";
  readonly file: string;
}

/**
 * The report that a job writes when no `--output` is given. Sources: docs.github.com, "Uploading a
 * SARIF file"; docs.gitlab.com, "secret_detection" report; support.atlassian.com, "Test reporting
 * in Pipelines" (finds `test-results` folders by itself); the others read JUnit where told, 2026-11.
 */
export const ciReports = {
  github: { format: "sarif", file: "dashleaks.sarif" },
  gitlab: { format: "gitlab", file: "gl-secret-detection-report.json" },
  jenkins: { format: "junit", file: "test-results/dashleaks.xml" },
  bitbucket: { format: "junit", file: "test-results/dashleaks.xml" },
  azure: { format: "junit", file: "test-results/dashleaks.xml" },
  circleci: { format: "junit", file: "test-results/dashleaks.xml" },
  generic: null,
} as const satisfies Record<CiPlatform, CiReport | null>;
