import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";

export type MailStatus = components["schemas"]["MailSummaryShape"]["status"];
export type MailRow = components["schemas"]["MailSummaryShape"];

export const MAIL_STATUSES: readonly MailStatus[] = ["queued", "sending", "sent", "kept", "failed"];

export const mailSettingsQuery = queryOptions({
  queryKey: ["mail-settings"],
  queryFn: () => call(api.GET("/penstock/v1/mail-settings")),
});

/** E-mails of workflows, newest first, page after page. */
export const outboxQuery = (status: MailStatus | undefined) =>
  infiniteQueryOptions({
    queryKey: ["outbox", status ?? "all"],
    queryFn: ({ pageParam }) =>
      call(
        api.GET("/penstock/v1/outbox", {
          params: { query: { limit: 50, ...(status ? { status } : {}), ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.paging?.next?.after,
  });

export const mailQuery = (mailId: string) =>
  queryOptions({
    queryKey: ["outbox", "mail", mailId],
    queryFn: () => call(api.GET("/penstock/v1/outbox/{mailId}", { params: { path: { mailId } } })),
  });

export function useMailTest() {
  return useMutation({ mutationFn: (recipient: string) => call(api.POST("/penstock/v1/mail-tests", { body: { recipient } })) });
}

/** Queues a failed or kept mail again. */
export function useResend() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (mailId: string) => call(api.POST("/penstock/v1/outbox/{mailId}/retry", { params: { path: { mailId } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["outbox"] }),
  });
}
