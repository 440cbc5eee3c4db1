import { setupI18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import type { Voice } from "../../state/app/speech.ts";

/** Says messages by a catalogue of ICU messages under their English ones, with the plurals of the language. */
export function linguiVoice(language: string, catalogue: Readonly<Record<string, string>>): Voice {
  const messages = Object.fromEntries(Object.entries(catalogue).filter(([, said]) => said !== ""));
  const i18n = setupI18n({ locale: language, messages: { [language]: messages } });
  i18n.setMessagesCompiler(compileMessage);
  return (id, values) => (id in messages ? i18n._(id, { ...values }) : null);
}
