import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, asForm, call } from "@/api/client";
import type { components } from "@/api/schema";

type Schemas = components["schemas"];
export type KnowledgeSet = Schemas["KnowledgeSetShape"];
export type KnowledgeSetDetail = Schemas["KnowledgeSetDetail"];
export type KnowledgeDocument = Schemas["KnowledgeDocumentShape"];
export type FoundPassage = Schemas["FoundPassageShape"];

const PATH = "/penstock/v1/knowledge-sets";
const ONE = `${PATH}/{knowledgeSetId}` as const;
const KEY = ["knowledge"] as const;

/** What the server reads; see `KINDS` there. */
export const READABLE = ".txt,.text,.md,.markdown,.html,.htm,.pdf";

/** All sets by name, and the languages that a new one can be in. */
export const setsQuery = queryOptions({
  queryKey: [...KEY, "sets"],
  queryFn: () => call(api.GET(PATH)),
});

export const setQuery = (knowledgeSetId: string) =>
  queryOptions({
    queryKey: [...KEY, "set", knowledgeSetId],
    queryFn: () => call(api.GET(ONE, { params: { path: { knowledgeSetId } } })),
  });

export const documentsQuery = (knowledgeSetId: string) =>
  queryOptions({
    queryKey: [...KEY, "documents", knowledgeSetId],
    queryFn: async () => (await call(api.GET(`${ONE}/documents`, { params: { path: { knowledgeSetId } } }))).results,
  });

export const documentQuery = (knowledgeSetId: string, documentId: string) =>
  queryOptions({
    queryKey: [...KEY, "document", knowledgeSetId, documentId],
    queryFn: () => call(api.GET(`${ONE}/documents/{documentId}`, { params: { path: { knowledgeSetId, documentId } } })),
  });

export const passagesQuery = (knowledgeSetId: string, documentId: string) =>
  infiniteQueryOptions({
    queryKey: [...KEY, "passages", knowledgeSetId, documentId],
    queryFn: ({ pageParam }) =>
      call(api.GET(`${ONE}/documents/{documentId}/passages`, { params: { path: { knowledgeSetId, documentId }, query: { limit: 50, ...(pageParam ? { after: pageParam } : {}) } } })),
    initialPageParam: "",
    getNextPageParam: (last) => last.paging?.next.after,
  });

/** The passages that a step would find for a text. */
export const useSearch = (knowledgeSetId: string) =>
  useMutation({
    mutationFn: async (query: string) => (await call(api.POST(`${ONE}/searches`, { params: { path: { knowledgeSetId } }, body: { query, limit: 5 } }))).results,
  });

export function useCreateSet() {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (wish: { name: string; description: string; language: string }) => call(api.POST(PATH, { body: wish })),
    onSuccess: refresh,
  });
}

export function useChangeSet(knowledgeSetId: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (wish: { name: string; description: string }) => call(api.PATCH(ONE, { params: { path: { knowledgeSetId } }, body: wish })),
    onSuccess: refresh,
  });
}

export function useDeleteSet(knowledgeSetId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call(api.DELETE(ONE, { params: { path: { knowledgeSetId } } })),
    // The set itself is gone; only the list is read again.
    onSuccess: () => client.invalidateQueries({ queryKey: setsQuery.queryKey }),
  });
}

/** Adds a document, or the next version of the one of the same name. */
export function useAddDocument(knowledgeSetId: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (file: File) => call(api.POST(`${ONE}/documents`, { params: { path: { knowledgeSetId } }, ...asForm({ files: file }) })),
    onSuccess: refresh,
  });
}

export function useRemoveDocument(knowledgeSetId: string) {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (documentId: string) => call(api.DELETE(`${ONE}/documents/{documentId}`, { params: { path: { knowledgeSetId, documentId } } })),
    onSuccess: refresh,
  });
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: KEY });
}
