import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, call } from "@/api/client";
import type { components } from "@/api/schema";
import { sessionQuery } from "@/api/session";
import { chooseLanguage, type Language } from "@/i18n";
import { sayProblem } from "@/ui/toast";

export type Device = components["schemas"]["DeviceShape"];
type Profile = components["schemas"]["ProfileWish"];

export const devicesQuery = queryOptions({
  queryKey: ["devices"],
  queryFn: async () => (await call(api.GET("/penstock/v1/session/devices"))).results,
});

/** Changes one's own name or language. */
export function useChangeProfile() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Profile) => call(api.PATCH("/penstock/v1/session/profile", { body })),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      return client.invalidateQueries({ queryKey: ["users"] });
    },
  });
}

/** The language of the screens and how to choose another: at once here, and kept with the account. */
export function useLanguage(): { language: Language; choose: (language: Language) => void } {
  const { i18n } = useTranslation();
  const { mutate } = useChangeProfile();
  return {
    language: i18n.language === "da" ? "da" : "en",
    choose: (language) => {
      void chooseLanguage(language);
      mutate({ language }, { onError: (error) => sayProblem(error) });
    },
  };
}

/** Sets another password; every other browser is signed out. */
export function useChangePassword() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { newPassword: string; currentPassword?: string }) => call(api.PUT("/penstock/v1/session/password", { body })),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      return client.invalidateQueries({ queryKey: devicesQuery.queryKey });
    },
  });
}

/** Signs out one browser, or every other one. */
export function useEndDevices() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (device: Device | "others") =>
      device === "others"
        ? call(api.DELETE("/penstock/v1/session/devices"))
        : call(api.DELETE("/penstock/v1/session/devices/{deviceId}", { params: { path: { deviceId: device.id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  });
}
