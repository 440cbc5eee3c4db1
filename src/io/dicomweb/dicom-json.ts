import { isObject } from "../../core/config/checked.ts";

/** An element as it was sent: values, or bytes in base64, or where its bytes are. */
export interface JsonElement {
  readonly vr: string;
  readonly values: readonly unknown[];
  readonly inline: string | null;
  readonly uri: string | null;
}

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

  /** All elements by their tags 0xGGGGEEEE. */
  *all(): Iterable<readonly [number, JsonElement]> {
    for (const [key, element] of Object.entries(this.elements)) {
      if (!/^[0-9A-F]{8}$/i.test(key) || !isObject(element)) continue;
      const { vr, Value: values, InlineBinary: inline, BulkDataURI: uri } = element;
      if (typeof vr !== "string" || !/^[A-Z]{2}$/.test(vr)) continue;
      yield [
        Number.parseInt(key, 16),
        {
          vr,
          values: Array.isArray(values) ? values : [],
          inline: typeof inline === "string" ? inline : null,
          uri: typeof uri === "string" ? uri : null,
        },
      ];
    }
  }

  /** Addresses of bulk data in the data set and its sequences, but for pixels. */
  bulkAddresses(): readonly string[] {
    return [...this.all()].flatMap(([tag, { vr, uri }]) => {
      if (vr === "SQ") return this.items(tag).flatMap((one) => one.bulkAddresses());
      return uri === null || tag >>> 16 >= 0x7fe0 || (tag >>> 16) % 2 === 1 ? [] : [uri];
    });
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
