import { inWords } from "./refusals";

/** One thing that is wrong: `in` is a JSON path such as `actions[2].fields.prompt`. */
export interface ProblemDetail {
  message: string;
  code: string;
  in: string;
  context?: Record<string, string[]>;
}

interface ErrorBody {
  message?: string;
  category?: string;
  subCategory?: string;
  correlationId?: string;
  errors?: ProblemDetail[];
  context?: Record<string, string[]>;
}

/** The status of what the server did not say: a mistake of our own in the browser. */
export const OUR_MISTAKE = -1;

/** What the server said when it refused, in the language of the screens, or that it could not be reached (status 0). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly correlationId: string;
  readonly errors: ProblemDetail[];
  readonly context: Record<string, string[]>;

  constructor(status: number, body: ErrorBody) {
    super(inWords(body.subCategory ?? body.category ?? "", body.message ?? "", body.errors));
    this.name = "ApiProblem";
    this.status = status;
    this.code = body.subCategory ?? body.category ?? "";
    this.correlationId = body.correlationId ?? "";
    this.errors = (body.errors ?? []).map((one) => ({ ...one, message: inWords(one.code, one.message) }));
    this.context = body.context ?? {};
  }

  /** The first message about a field, for showing beside it; undefined when the field is fine. */
  about(field: string): string | undefined {
    return this.errors.find((error) => error.in === field || error.in.endsWith(`.${field}`))?.message;
  }
}

/** Whatever was thrown as an ApiProblem, so that screens handle one kind of failure. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(OUR_MISTAKE, { message: error instanceof Error ? error.message : String(error) });
}
