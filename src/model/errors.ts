// Errors that are the user's to mend: shown as one sentence, exit 2, no stack trace.

/** Bad input or an impossible job. `message` says what is wrong and where; `remedy` what to do. */
export class UserError extends Error {
  readonly remedy: string | null;

  constructor(message: string, remedy: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = "UserError";
    this.remedy = remedy;
  }
}
