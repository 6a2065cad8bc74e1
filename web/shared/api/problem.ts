/** The server's one error shape (RFC 9457), and the two ways a request fails without reaching it. */
export interface ProblemDocument {
  type?: string;
  title?: string;
  status?: number;
  detail?: string;
  /** Our stable code, the same in every language. */
  code?: string;
  request_id?: string;
  errors?: { field?: string; reason?: string; row?: number }[];
}

export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly problem: ProblemDocument,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
  }

  get code(): string {
    return this.problem.code ?? `http_${this.status}`;
  }

  /** The reason the server gave for one field of a form. */
  reasonFor(field: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === field)?.reason;
  }
}

/** Whether the server says which fields of a form are wrong. */
export function namesFields(error: unknown): boolean {
  return error instanceof ApiError && (error.problem.errors?.length ?? 0) > 0;
}

/** No answer: the network is down or the server is. */
export class OfflineError extends Error {
  override readonly name = "OfflineError";
}

/** Reads an error answer; a body that is no problem document still becomes one. */
export async function readProblem(response: Response): Promise<ApiError> {
  const type = response.headers.get("content-type") ?? "";
  if (type.includes("json")) {
    const body: unknown = await response.json().catch(() => undefined);
    if (typeof body === "object" && body !== null) return new ApiError(response.status, body);
  }
  return new ApiError(response.status, { status: response.status, title: response.statusText });
}
