import { isObject } from "../../core/config/checked.ts";

/** A data set in the DICOM JSON model (PS3.18 annex F), as an archive sent it: nothing in it is taken for granted. */
export class JsonDataset {
  private readonly elements: Readonly<Record<string, unknown>>;

  constructor(json: unknown) {
    this.elements = isObject(json) ? json : {};
  }

  private values(tag: number): readonly unknown[] {
    const element = this.elements[tag.toString(16).padStart(8, "0").toUpperCase()];
    const value = isObject(element) ? element["Value"] : undefined;
    return Array.isArray(value) ? value : [];
  }

  /** Of a person's name the first group of letters that is there (PS3.18 F.2.2). */
  texts(tag: number): readonly string[] {
    return this.values(tag).flatMap((value) => {
      if (typeof value === "string") return [value.trim()];
      if (typeof value === "number") return [String(value)];
      const name = isObject(value) ? (value["Alphabetic"] ?? value["Ideographic"] ?? value["Phonetic"]) : null;
      return typeof name === "string" ? [name.trim()] : [];
    });
  }

  text(tag: number): string | null {
    return this.texts(tag)[0] || null;
  }

  /** DS and IS come as numbers or as text. */
  numbers(tag: number): readonly number[] {
    return this.values(tag).map((value) => (value === null || value === "" ? Number.NaN : Number(value)));
  }

  number(tag: number): number | null {
    const value = this.numbers(tag)[0];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  items(tag: number): readonly JsonDataset[] {
    return this.values(tag).map((value) => new JsonDataset(value));
  }
}
