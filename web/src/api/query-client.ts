import { QueryClient } from "@tanstack/react-query";
import { ApiProblem } from "./problem";

/** Answers stay fresh for a quarter of a minute; what changes under the viewer's eyes comes by the event stream. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (count, error) => count < 2 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
        refetchOnWindowFocus: true,
      },
      mutations: { retry: false },
    },
  });
}
