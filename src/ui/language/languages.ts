import { speakWith } from "../../state/app/speech.ts";

type Catalogue = Readonly<Record<string, string>>;

/** The parts of every language but English, whose sentences stand in the source. Fetched when one is chosen. */
const parts = import.meta.glob<Catalogue>("../../languages/*/*.json", { import: "default" });

const SOURCE = "en";
/** For tests: see pseudo.ts. */
const PSEUDO = "pseudo";
const KEPT = "graderspace-language";

/** BCP 47 names of the languages that a person can choose. */
export const LANGUAGES: readonly string[] = [
  SOURCE,
  ...new Set(Object.keys(parts).map((path) => path.split("/").at(-2) as string)),
];

/** What a language calls itself: "한국어". */
export function ownName(language: string): string {
  return new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
}

/** What the address asks for, else what was chosen here before, else the first of the browser's that there is. */
export function wantedLanguage(search: string): string {
  const asked = new URLSearchParams(search).get("lang");
  const wishes = [asked, kept(), ...navigator.languages.map((one) => one.split("-")[0])];
  return wishes.find((one) => one === PSEUDO || LANGUAGES.includes(one ?? "")) ?? SOURCE;
}

/** All that is drawn from now on is in this language; in the one before where its texts do not come. */
export async function speak(language: string): Promise<void> {
  speakWith(language, language === SOURCE ? null : await voiceOf(language));
  document.documentElement.lang = language === PSEUDO ? "en-XA" : language;
}

/** The same, chosen by a person: the next visit begins with it. */
export async function chooseLanguage(language: string): Promise<void> {
  await speak(language);
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // a browser that keeps nothing asks again
  }
}

async function voiceOf(language: string) {
  if (language === PSEUDO) return (await import("./pseudo.ts")).pseudoVoice;
  const mine = Object.entries(parts).filter(([path]) => path.split("/").at(-2) === language);
  const [{ linguiVoice }, ...read] = await Promise.all([
    import("./lingui-voice.ts"),
    ...mine.map(([, fetchPart]) => fetchPart()),
  ]);
  return linguiVoice(language, Object.assign({}, ...read));
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
